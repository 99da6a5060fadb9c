"""Names that would have two meanings in the code of a client: they are changed, or reported."""

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi_python_client.config import Config
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import ModelProperty, Property

# The names that the generator itself uses in functions that take arguments, and in models.
_IN_CALLS = {"body", "cookies", "headers", "httpx", "kwargs", "params", "quote", "response"}
_IN_MODELS = {
    *("cls", "d", "field_dict", "files", "json", "prop", "prop_dict", "prop_name", "src_dict", "types"),
    *("additional_keys", "additional_properties", "from_dict", "to_dict", "to_multipart"),
}


def rename_conflicts(data: "GeneratorData", config: "Config") -> None:
    """Append an underscore to arguments and attributes that conflict, as is done for Python's keywords."""
    roots: list[Property] = [*data.models]
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            _rename_in_endpoint(endpoint, config)
            roots += [part.prop for part in (*endpoint.bodies, *endpoint.responses)]
            if len(endpoint.bodies) > 1:  # the generator omits this import there
                endpoint.relative_imports.add("from ...types import Unset")
    for model in _models(roots):
        _rename(fields(model), _IN_MODELS | {model.class_info.module_name}, config)


def fields(model: "ModelProperty") -> "list[Property]":
    """The properties of a model."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def _models(roots: "Iterable[Property]") -> "Iterator[ModelProperty]":
    """Every object that represents a model: the generator keeps several for one class."""
    pending: list[Any] = [*roots]
    visited = set[int]()
    while pending:
        current = pending.pop()
        if id(current) in visited:
            continue
        visited.add(id(current))
        inner = [getattr(current, name, None) for name in ("inner_property", "additional_properties")]
        pending += [member for member in inner if hasattr(member, "python_name")]
        pending += getattr(current, "inner_properties", [])
        if hasattr(current, "required_properties"):
            pending += fields(current)
            yield current


def _rename_in_endpoint(endpoint: "Endpoint", config: "Config") -> None:
    from openapi_python_client.schema.untrusted_string import UntrustedString

    before = [f"{{{parameter.python_name}}}" for parameter in endpoint.path_parameters]
    _rename((parameter for _, parameter in endpoint.iter_all_parameters()), _IN_CALLS, config)
    path = endpoint.path.get_untrusted_value()
    for name, parameter in zip(before, endpoint.path_parameters, strict=True):
        path = path.replace(name, f"{{{parameter.python_name}}}")
    endpoint.path = UntrustedString(path)


def _rename(properties: "Iterable[Property]", taken: set[str], config: "Config") -> None:
    from openapi_python_client.schema.untrusted_string import UntrustedString

    for member in properties:
        if member.python_name in taken:
            name = UntrustedString(f"{member.python_name}_")
            member.set_python_name(name, config, skip_snake_case=True)


def ambiguous_names(module: str) -> Iterator[str]:
    """The names that a module, or a class in it, binds to two things. Raises SyntaxError."""
    compile(module, "", "exec", dont_inherit=True)  # reports duplicate arguments
    tree = ast.parse(module)
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for body in (tree.body, *(node.body for node in classes)):
        meanings: dict[str, str] = {}
        for name, meaning in _bindings(body):
            if meanings.setdefault(name, meaning) != meaning:
                yield name


def _bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Each name that statements bind, and what it then means."""
    for statement in body:
        match statement:
            case ast.If():
                yield from _bindings([*statement.body, *statement.orelse])
            case ast.Import(names=aliases):
                yield from ((alias.asname or alias.name, alias.name) for alias in aliases)
            case ast.ImportFrom(module=module, level=level, names=aliases):
                for alias in aliases:
                    yield alias.asname or alias.name, f"{level} {module} {alias.name}"
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, str(statement.lineno)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, str(statement.lineno)
