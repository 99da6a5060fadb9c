"""The files of a client that openapi-python-client does not write."""

import ast
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING

from wirecheck.generate.exception_tree import extended
from wirecheck.generate.facade import Facade
from wirecheck.generate.facade.code import quoted
from wirecheck.generate.facade.text import safe
from wirecheck.generate.facade.types import Class
from wirecheck.generate.names import is_member_name

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
_RUNTIME = _HERE / "runtime"
_SHARED = _HERE.parent
_COPIED = ["inflate.py", "masking/*.py", "encode/*.py"]

# The words in which the two clients differ; both come from one template.
SIDES = {
    "_sync.py": {
        "is_async": False,
        "name": "sync",
        "prefix": "",
        "stream": "Stream",
        "byte_stream": "SyncByteStream",
        "context_manager": "AbstractContextManager",
        "contextmanager": "contextmanager",
        "generator": "Generator[T, None, None]",
        "result_of_call": "T",
        "next": "__next__",
        "read": "read",
        "iter_bytes": "iter_bytes",
        "iter_text": "iter_text",
        "iter_lines": "iter_lines",
        "page": "Page",
        "http": "Client",
        "transport": "BaseTransport",
        "iterator": "Iterator",
        "def_": "def",
        "await_": "",
        "for_": "for",
        "handle_request": "handle_request",
        "iter": "__iter__",
        "close": "close",
        "enter": "__enter__",
        "exit": "__exit__",
    },
    "_async.py": {
        "is_async": True,
        "name": "async",
        "prefix": "Async",
        "stream": "AsyncStream",
        "byte_stream": "AsyncByteStream",
        "context_manager": "AbstractAsyncContextManager",
        "contextmanager": "asynccontextmanager",
        "generator": "AsyncGenerator[T, None]",
        "result_of_call": "Awaitable[T]",
        "next": "__anext__",
        "read": "aread",
        "iter_bytes": "aiter_bytes",
        "iter_text": "aiter_text",
        "iter_lines": "aiter_lines",
        "page": "AsyncPage",
        "http": "AsyncClient",
        "transport": "AsyncBaseTransport",
        "iterator": "AsyncIterator",
        "def_": "async def",
        "await_": "await ",
        "for_": "async for",
        "handle_request": "handle_async_request",
        "iter": "__aiter__",
        "close": "aclose",
        "enter": "__aenter__",
        "exit": "__aexit__",
    },
}


def render_files(facade: Facade, environment: "Environment", models: Sequence[Class]) -> dict[str, bytes]:
    """The content of each file, not formatted yet, by its path below the package's folder."""
    from wirecheck.generate.compiled import COMPILED  # needs jinja2

    runtime = runtime_files(facade.error)
    tree = exception_tree(facade.error)
    exceptions = re.findall(r"\w+Error\b", tree)
    parameters = facade.parameters
    variables = {
        "facade": facade,
        "models": models,
        "parameters": parameters,
        "names": {
            "models": [model.name for model in models],
            "parameters": [each.name for each in parameters],
        },
        "tree": extended(tree, facade.own_exceptions),
        "exceptions": exceptions,
        "all_exceptions": sorted({*exceptions, *facade.own_exceptions}),
        "variable": facade.variable,
    }
    environment.filters |= {"docstring": safe, "pformat": pformat, "quoted": quoted}
    environment.tests["plain_identifier"] = is_member_name
    environment.bytecode_cache = COMPILED

    def rendered(template: str, **more: object) -> str:
        return environment.get_template(f"{template}.py.jinja").render(**variables, **more)

    sources = {name: rendered("side", side=words) for name, words in SIDES.items()}
    sources |= {
        f"_{words['name']}_httpx.py": rendered("httpx_bridge", side=words) for words in SIDES.values()
    }
    sources |= {
        "__init__.py": rendered("init"),
        "exceptions.py": rendered("exceptions"),
        "models.py": rendered("models"),
        "params.py": rendered("params"),
        "types.py": rendered("types"),
        "_endpoints.py": rendered("endpoints"),
    }
    if facade.webhooks:
        sources["webhooks.py"] = rendered("webhooks")
    if facade.identifiers:
        sources["ids.py"] = rendered("ids")
    files = {name: text.encode() for name, text in (sources | runtime).items()}
    return files | {"_runtime/schemas.json": facade.schemas}


def runtime_files(error: str) -> dict[str, str]:
    """The modules of the runtime, by path, with the name that a client gives to its base exception."""
    return {name: _with_error(source, error) for name, source in _runtime_sources().items()}


def exception_tree(error: str) -> str:
    """The exceptions of every client, drawn."""
    return _with_error(_exception_tree(), error)


def _with_error(text: str, error: str) -> str:
    return re.sub(r"\bClientError\b", error, text)


@cache
def _exception_tree() -> str:
    docstring = ast.get_docstring(ast.parse(_runtime_sources()["_runtime/errors.py"])) or ""
    return docstring.partition("\n\n")[2]


@cache
def _runtime_sources() -> Mapping[str, str]:
    """The modules of the runtime, and those of wirecheck of which clients have a copy, by path."""
    return {
        f"_runtime/{path.relative_to(folder).as_posix()}": path.read_text("utf-8")
        for folder, pattern in ((_RUNTIME, "*.py"), *((_SHARED, pattern) for pattern in _COPIED))
        for path in sorted(folder.glob(pattern))
    }
