"""Names that would mean two things in the code of a client: they give way, or are refused."""

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openapi_python_client.config import Config
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import ModelProperty, Property

# What the generator's functions that take arguments, and its models, name themselves.
_IN_CALLS = {"body", "cookies", "headers", "httpx", "kwargs", "params", "quote", "response"}
_IN_MODELS = {
    *("cls", "d", "field_dict", "files", "json", "prop", "prop_dict", "prop_name", "src_dict", "types"),
    *("additional_keys", "additional_properties", "from_dict", "to_dict", "to_multipart"),
}


def give_way(data: "GeneratorData", config: "Config") -> None:
    """Rename arguments and attributes as words of Python are: with an underscore behind."""
    roots: list[Property] = [*data.models]
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            _give_way_in(endpoint, config)
            roots += [one.prop for one in (*endpoint.bodies, *endpoint.responses)]
            if len(endpoint.bodies) > 1:  # the generator forgets it there
                endpoint.relative_imports.add("from ...types import Unset")
    for model in _models(roots):
        _rename(fields(model), _IN_MODELS | {model.class_info.module_name}, config)


def fields(model: "ModelProperty") -> "list[Property]":
    """The properties of a model."""
    return [*(model.required_properties or []), *(model.optional_properties or [])]


def _models(roots: "Iterable[Property]") -> "Iterator[ModelProperty]":
    """Each object that stands for a model: the generator keeps several of one."""
    pending: list[Any] = [*roots]
    seen = set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        inner = [getattr(one, name, None) for name in ("inner_property", "additional_properties")]
        pending += [each for each in inner if hasattr(each, "python_name")]
        pending += getattr(one, "inner_properties", [])
        if hasattr(one, "required_properties"):
            pending += fields(one)
            yield one


def _give_way_in(endpoint: "Endpoint", config: "Config") -> None:
    from openapi_python_client.schema.untrusted_string import UntrustedString

    before = [f"{{{one.python_name}}}" for one in endpoint.path_parameters]
    _rename((one for _, one in endpoint.iter_all_parameters()), _IN_CALLS, config)
    path = endpoint.path.get_untrusted_value()
    for name, parameter in zip(before, endpoint.path_parameters, strict=True):
        path = path.replace(name, f"{{{parameter.python_name}}}")
    endpoint.path = UntrustedString(path)


def _rename(properties: "Iterable[Property]", taken: set[str], config: "Config") -> None:
    from openapi_python_client.schema.untrusted_string import UntrustedString

    for one in properties:
        if one.python_name in taken:
            one.set_python_name(UntrustedString(f"{one.python_name}_"), config, skip_snake_case=True)


def doubles(module: str) -> Iterator[str]:
    """The names that a module, or a class in it, gives to two things. Raises SyntaxError."""
    compile(module, "", "exec", dont_inherit=True)  # it finds arguments of one name
    tree = ast.parse(module)
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for body in (tree.body, *(each.body for each in classes)):
        meanings: dict[str, str] = {}
        for name, meaning in _bound(body):
            if meanings.setdefault(name, meaning) != meaning:
                yield name


def _bound(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Each name that statements bind, and what it means then."""
    for statement in body:
        match statement:
            case ast.If():
                yield from _bound([*statement.body, *statement.orelse])
            case ast.Import(names=names):
                yield from ((one.asname or one.name, one.name) for one in names)
            case ast.ImportFrom(module=module, level=level, names=names):
                yield from ((one.asname or one.name, f"{level} {module} {one.name}") for one in names)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, str(statement.lineno)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name, str(statement.lineno)
