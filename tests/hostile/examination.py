"""What a generated package must be like, whatever its document says; findings are texts, one a line."""

import ast
import builtins
import datetime
import importlib
import importlib.abc
import importlib.machinery
import inspect
import itertools
import json
import pydoc
import re
import sys
import tomllib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from functools import lru_cache
from keyword import iskeyword
from types import CodeType, ModuleType
from typing import Any
from unicodedata import normalize

import httpx2

from hostile.payloads import CANARY, RENDERED
from wirecheck.generate import files as generator

PACKAGE = "acme_client"
BASE_URL = "https://api.acme.test/v1"
RUNTIME = generator.runtime_files("AcmeError")
"""The modules that are the same in every package."""
FILES = {
    *("__init__.py", "_async.py", "_async_httpx.py", "_endpoints.py", "_sync.py", "_sync_httpx.py"),
    *("exceptions.py", "models.py", "params.py", "types.py", "_runtime/schemas.json"),
    *RUNTIME,
}
_PERHAPS = {"ids.py", "webhooks.py"}

Feature = tuple[str, ...]
"""A node of a syntax tree with the one above it: how code is made, without what the document names."""


def text_findings(files: Mapping[str, bytes]) -> Iterator[str]:
    """Which files there are, and whether their texts are what they seem to be."""
    names = {name for name in files if name not in _PERHAPS}
    if names != FILES:
        yield f"files {sorted(names ^ FILES)}"
    for name, content in files.items():
        if name in RUNTIME:
            if content.decode() != RUNTIME[name]:
                yield f"{name} is not what it is in every client"
            continue
        text = content.decode()
        for rendered in RENDERED:
            if rendered in text:
                yield f"{name} has {rendered}: a template was rendered"
        if name.endswith(".json"):
            json.loads(text)
        if odd := [character for character in text if not character.isprintable() and character != "\n"]:
            yield f"{name} has {odd[0]!a}"


# The structure of code


def trees(files: Mapping[str, bytes]) -> dict[str, ast.Module]:
    """The modules that depend on the document, parsed; the others are the same in every client."""
    modules = [name for name in files if name.endswith(".py") and name not in RUNTIME]
    return {name: ast.parse(files[name]) for name in modules}


class Vocabulary:
    """How the code of packages is made whose documents are harmless."""

    def __init__(self, empty: Mapping[str, bytes]) -> None:
        """``empty`` is a package whose document names nothing."""
        self._known: set[Feature] = set()
        self._fixed = {(module, text) for module, _, text in _statements(empty, trees(empty))}
        self._statements = set(self._fixed)

    def learn(self, files: Mapping[str, bytes]) -> None:
        statements, bound = self._own(files, trees(files))
        for module, node, text in statements:
            if (module, text) not in self._statements:
                self._statements.add((module, text))
                self._known.update(*features(node, bound))

    def findings(self, files: Mapping[str, bytes], modules: Mapping[str, ast.Module]) -> Iterator[str]:
        """Nodes that no harmless package has where they are."""
        statements, bound = self._own(files, modules)
        for module, node, text in statements:
            if (module, text) not in self._statements:
                for each in features(node, bound):
                    if self._known.isdisjoint(each):
                        yield f"{module} has {each[0]} in {ascii(text)[:200]}"

    def _own(
        self, files: Mapping[str, bytes], modules: Mapping[str, ast.Module]
    ) -> tuple[list[tuple[str, ast.stmt, str]], set[str]]:
        """The statements that not every package has, and the names that they define."""
        own = [each for each in _statements(files, modules) if (each[0], each[2]) not in self._fixed]
        return own, _bound(node for _, node, _ in own)


def _statements(
    files: Mapping[str, bytes], modules: Mapping[str, ast.Module]
) -> Iterator[tuple[str, ast.stmt, str]]:
    """The statements of modules, those of classes apart, with their text."""
    for module, tree in modules.items():
        lines = files[module].decode().split("\n")
        for statement in tree.body:
            if isinstance(statement, ast.ClassDef):
                head = copy(statement)
                head.body = []
                yield module, head, "\n".join(lines[statement.lineno - 1 : statement.body[0].lineno - 1])
            for each in statement.body if isinstance(statement, ast.ClassDef) else [statement]:
                first = min([each.lineno, *(mark.lineno for mark in getattr(each, "decorator_list", ()))])
                yield module, each, "\n".join(lines[first - 1 : each.end_lineno])


def features(tree: ast.AST, bound: set[str]) -> Iterator[list[Feature]]:
    """Each node with the one above it; as it is, and without the names that the document gives."""
    pending = [tree]
    while pending:
        node = pending.pop()
        for field, value in ast.iter_fields(node):
            is_type = field in ("annotation", "returns")  # whatever has one
            kind, above = ("", [""]) if is_type else (type(node).__name__, _labels(node, bound))
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    child = _name_of_type(part)
                    below = [(type(child).__name__, label) for label in _labels(child, bound)]
                    place = "type" if is_type else field
                    yield [(kind, label, place, *other) for label in above for other in below]
                    pending.append(child)


def _name_of_type(node: ast.AST) -> ast.AST:
    """A type of a module as one without."""
    match node:
        case ast.Attribute(value=ast.Name(id="builtins" | "datetime"), attr=name) if name in _TYPE_NAMES:
            return ast.Name(name, ast.Load())
    return node


def _bound(trees: Iterable[ast.AST]) -> set[str]:
    """The names that are given to classes, functions, arguments and variables."""
    names = set[str]()
    for node in itertools.chain.from_iterable(map(ast.walk, trees)):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
    return names


def _labels(node: ast.AST, bound: set[str]) -> list[str]:
    match node:
        case ast.Name(ctx=ast.Store()):
            return ["*"]
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _names(name, bound)
        case ast.Call(func=function):
            return [f"{label}()" for label in _labels(function, bound)]
        case ast.ImportFrom(module=module, level=level):
            return [f"{level} {module}"]
        case ast.alias(name=name, asname=other):
            return [f"{label} {other}" for label in _names(name, bound)]
    return [""]


def _names(name: str, bound: set[str]) -> list[str]:
    own = "a type" if name in _TYPE_NAMES else name
    return [own, "*"] if name in bound else [own]


_TYPE_NAMES = {
    *("Any", "FileTypes", "Mapping", "Sequence", "UUID", "Unset", "bool", "bytes", "date", "datetime"),
    *("dict", "float", "int", "list", "str", "ExtraOptions", "RequestOptions", "Literal", "Annotated"),
}


def binding_findings(modules: Mapping[str, ast.Module], expected: Mapping[str, set[str]]) -> Iterator[str]:
    """Modules whose statements define other names than the document gives rise to."""
    for module, names in expected.items():
        defined = {_defined(statement) for statement in modules[module].body} - {None}
        if defined != names:
            yield f"{module} defines {sorted(map(str, defined ^ names))!a}"


def _defined(statement: ast.stmt) -> str | None:
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return None


def name_findings(facade: Any) -> Iterator[str]:
    """Names that Python reads in another way than they are written, or that are no names."""
    names = [attribute.name for model in facade.models for attribute in model.attributes]
    names += [argument.name for method in facade.methods for argument in method.arguments]
    names += [name for method in facade.methods for name in (*method.resource, method.name, method.key)]
    names += [each.name for each in (*facade.credentials, *facade.webhooks)]
    for name in names:
        is_plain = name.isidentifier() and not iskeyword(name) and not name.startswith("__")
        if not is_plain or normalize("NFKC", name) != name:
            yield f"uses the name {name!a}"


def expected_bindings(facade: Any) -> dict[str, set[str]]:
    """The names that the modules define for a document."""
    keys = {method.key for method in facade.methods}
    return {
        "models.py": {"__all__", *(model.name for model in facade.models)},
        "params.py": {"__all__", *(each.name for each in facade.parameters)},
        "_endpoints.py": {"SERVICE", "OPERATIONS", *keys},
        "exceptions.py": {"__all__", *facade.own_exceptions},
    }


# Running it


class _Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a package from the content of its files."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != PACKAGE:
            return None
        module = self._module(name)
        return importlib.machinery.ModuleSpec(
            name, self, origin=module, is_package=module.endswith("__init__.py")
        )

    def _module(self, name: str) -> str:
        path = "/".join(name.split(".")[1:])
        candidates = (f"{path}.py", f"{path}/__init__.py".lstrip("/"))
        for candidate in candidates:
            if candidate in self._files:
                return candidate
        raise ModuleNotFoundError(name)

    def exec_module(self, module: ModuleType) -> None:
        name = self._module(module.__name__)
        exec(_compiled(name, self._files[name]), vars(module))


@lru_cache(maxsize=200)
def _compiled(name: str, content: bytes) -> CodeType:
    return compile(content, name, "exec", dont_inherit=True)


@contextmanager
def imported(files: Mapping[str, bytes]) -> Iterator[None]:
    """Within the context the package can be imported."""
    finder = _Files(files)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


@contextmanager
def canary() -> Iterator[list[str]]:
    """Within the context whatever calls the canary is recorded; so is what starts processes or connects."""
    called: list[str] = []

    def sing(*_: object) -> str:
        called.append("the canary was called")
        return ""

    setattr(builtins, CANARY, sing)
    _watching.append(called)
    try:
        yield called
    finally:
        delattr(builtins, CANARY)
        _watching.pop()


_watching: list[list[str]] = []
_FORBIDDEN = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "subprocess.Popen",
    "socket.connect",
    "os.rename",
    "os.mkdir",
)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and (event in _FORBIDDEN or (event == "open" and _writes(arguments))):
        _watching[-1].append(f"{event} {arguments[0]!r}")


def _writes(arguments: tuple[Any, ...]) -> bool:
    mode = arguments[1] if len(arguments) > 1 else None
    return isinstance(mode, str) and not set(mode).isdisjoint("wax+")


sys.addaudithook(_watch)


def running_findings(
    files: Mapping[str, bytes], operations: Mapping[str, Any], *, thorough: bool
) -> Iterator[str]:
    """What goes wrong where a package is imported, inspected and used, by operations of the document."""
    with imported(files), canary() as called, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        modules = {
            name: importlib.import_module(f"{PACKAGE}.{name.removesuffix('.py').replace('/', '.')}")
            for name in files
            if name.endswith(".py") and "__init__" not in name
        }
        yield from _faithful(modules["_endpoints.py"], operations)
        yield from _inspected(modules, thorough)
        yield from _called(modules)
    yield from called[:3]


def _faithful(endpoints: ModuleType, operations: Mapping[str, Any]) -> Iterator[str]:
    """Endpoints whose texts are not those of the document."""
    for name, endpoint in endpoints.OPERATIONS.items():
        operation = operations.get(name)
        if operation is None or endpoint.id != name or endpoint.path != _path(operation.template):
            yield f"{name!a} is no operation of the document"
            continue
        documented = {(parameter.location, parameter.name) for parameter in operation.parameters}
        if strange := {(each.place, each.name) for each in endpoint.parameters} - documented:
            yield f"{name!a} has the parameters {strange!a}"


def _path(template: str) -> str:
    """A path without the fragment by which documents tell operations of one path apart."""
    return template.partition("#")[0]


def _inspected(modules: Mapping[str, ModuleType], thorough: bool) -> Iterator[str]:
    runtime = modules["_runtime/models.py"]
    for name, value in vars(modules["models.py"]).items():
        model: Any = value
        if isinstance(value, type) and issubclass(value, runtime.Model):
            try:
                runtime._types(model)
                repr(model.from_dict({}))
            except (KeyError, TypeError, ValueError):
                pass
            except (NameError, SyntaxError, AttributeError) as error:
                yield f"{name} cannot be decoded: {error!r}"
    for endpoint in modules["_endpoints.py"].OPERATIONS.values():
        repr(endpoint)
        for annotation in endpoint.types.values():
            runtime._annotated(annotation)
    names = {
        **runtime._TYPES,
        "datetime": datetime,
        **vars(modules["models.py"]),
        **vars(modules["params.py"]),
        **vars(modules["types.py"]),
    }
    names |= _ALIASES
    for value in vars(modules["params.py"]).values():
        for annotation in getattr(value, "__annotations__", {}).values():
            eval(getattr(annotation, "__forward_arg__", annotation), {**_TYPING, **names})
    for name in ("_sync.py", "_async.py") if thorough else ("_sync.py",):
        for function in _functions(modules[name]):
            for annotation in function.__annotations__.values():
                eval(annotation, {**_TYPING, **names, **vars(modules[name]), **_ALIASES})
    if thorough:
        for module in modules.values():
            pydoc.TextDoc().document(module)


_TYPING: dict[str, Any] = {}
exec(
    "from typing import *\nfrom collections.abc import Mapping, Sequence, Iterable\n"
    "from contextlib import AbstractContextManager, AbstractAsyncContextManager",
    _TYPING,
)


_ALIASES = {"FileTypes": object, "builtins": builtins}  # as type checkers see them


def _functions(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__.partition(".")[0] == PACKAGE:
            for member in vars(value).values():
                function = member.fget if isinstance(member, property) else member
                if inspect.isfunction(function) and function.__module__ == module.__name__:
                    yield function


# What is sent


def _called(modules: Mapping[str, ModuleType]) -> Iterator[str]:
    """Calls each method once, with a hostile text for each argument where that is possible."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(200, json={})

    endpoints = modules["_endpoints.py"]
    transport = httpx2.MockTransport(respond)
    credentials = dict.fromkeys(endpoints.SERVICE.schemes, "a-token")
    error = modules["exceptions.py"].AcmeError
    with modules["_sync.py"].Acme(
        base_url=BASE_URL, transport=transport, max_retries=0, **credentials
    ) as client:
        for endpoint in endpoints.OPERATIONS.values():
            requests.clear()
            method: Any = client
            for name in endpoint.name.split("."):
                method = getattr(method, name)
            for value in ('a/../b"\r\nX-Zq: 1', "a"):
                arguments = {
                    name: value
                    for name, parameter in inspect.signature(method).parameters.items()
                    if parameter.kind is not parameter.VAR_KEYWORD
                    and (parameter.default is parameter.empty or value == "a")
                }
                with suppress(error, ValueError, TypeError):
                    method(**arguments)
            for request in requests:
                yield from _sent(endpoint, request)


def _sent(endpoint: Any, request: httpx2.Request) -> Iterator[str]:
    target = request.url.raw_path
    if not all(0x21 <= byte < 0x7F and byte not in b'"<>\\^`{|}' for byte in target):
        yield f"{endpoint.id!a} requests {target!r}"
    if endpoint.server is None and request.url.host != "api.acme.test":
        yield f"{endpoint.id!a} requests {request.url!r}"
    if b"/../" in target.partition(b"?")[0] + b"/":
        yield f"{endpoint.id!a} requests {target!r}"
    for name, value in request.headers.raw:
        if not name or not all(chr(byte).isalnum() or byte in b"!#$%&'*+-.^_`|~" for byte in name):
            yield f"{endpoint.id!a} sends the header {name!r}"
        if not set(value).isdisjoint(b"\r\n\0"):
            yield f"{endpoint.id!a} sends {name!r}: {value!r}"


# The project around it


_HEADINGS = {
    *("Asynchronous", "Authentication", "Errors", "First calls", "Pages", "Retries, timeouts, headers"),
}


def project_findings(pyproject: str, readme: str) -> Iterator[str]:
    """What of pyproject.toml and README.md a document has no say in."""
    values = tomllib.loads(pyproject)
    expected = {
        "": {"build-system", "project", "tool"},
        "build-system": {"requires", "build-backend"},
        "project": {
            *("name", "version", "description", "readme", "requires-python", "classifiers"),
            *("dependencies", "optional-dependencies"),
        },
        "tool": {"hatch"},
    }
    for name, keys in expected.items():
        if set(values[name] if name else values) != keys:
            yield f"pyproject.toml has other members in {name or 'it'}"
    if values["project"]["name"] != "acme-client" or "\n" in values["project"]["description"]:
        yield "pyproject.toml is not as it should be"
    for name, text in (("pyproject.toml", pyproject), ("README.md", readme)):
        if odd := [character for character in text if not character.isprintable() and character != "\n"]:
            yield f"{name} has {odd[0]!a}"
    headings = re.findall(r"^## (.+)$", readme, re.MULTILINE)
    fences = re.findall(r"^```(\w*)$", readme, re.MULTILINE)
    is_paired = [*map(bool, fences)] == [True, False] * (len(fences) // 2)
    if not set(headings) <= _HEADINGS or not is_paired or readme.count("<!--") != 1:
        yield "README.md has other blocks"
    for program in re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(program)):
            if isinstance(node, ast.Call) and not _is_of_readme(node.func):
                yield f"README.md calls {ast.unparse(node.func)!a}"


def _is_of_readme(function: ast.expr) -> bool:
    """Whether a program of a README calls just this: a method of the client, or what is in all of them."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in {
        "Acme",
        "AsyncAcme",
        "asyncio",
        "client",
        "len",
        "main",
        "page",
        "print",
    }
