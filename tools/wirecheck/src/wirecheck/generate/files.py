"""The files of a client that openapi-python-client does not write."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING

from wirecheck.generate.exception_tree import extended
from wirecheck.generate.facade import Facade, Method

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
_RUNTIME = _HERE / "runtime"
_SHARED = _HERE.parent

# The words in which the two clients differ; both come from one template.
_SIDES = {
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


def render_files(facade: Facade, environment: "Environment") -> dict[str, bytes]:
    """The content of each file, not formatted yet, by its path below the package's folder."""
    runtime = {
        f"_runtime/{name}": re.sub(r"\bClientError\b", facade.error, path.read_text("utf-8"))
        for name, path in _runtime_sources()
    }
    docstring = ast.get_docstring(ast.parse(runtime["_runtime/errors.py"])) or ""
    tree = docstring.partition("\n\n")[2]
    exceptions = re.findall(r"\w+Error\b", tree)
    variables = {
        "facade": facade,
        "tree": extended(tree, facade.own_exceptions),
        "exceptions": exceptions,
        "all_exceptions": sorted({*exceptions, *facade.own_exceptions}),
        "imports": sorted(
            {line for method in facade.methods for line in method.imports if "UNSET" not in line}
        ),
        "call_type": _call_type,
        "class_of": _class_of,
        "text_of": facade.text_of,
        "variable": facade.variable,
    }
    environment.filters["pformat"] = pformat

    def rendered(template: str, **more: object) -> str:
        return environment.get_template(f"{template}.py.jinja").render(**variables, **more)

    sources = {name: rendered("side", side=words) for name, words in _SIDES.items()}
    sources |= {
        f"_{words['name']}_httpx.py": rendered("httpx_bridge", side=words) for words in _SIDES.values()
    }
    sources |= {
        "__init__.py": rendered("init"),
        "exceptions.py": rendered("exceptions"),
        "_endpoints.py": rendered("endpoints"),
        "_calls.py": rendered("calls"),
    }
    if facade.webhooks:
        sources["webhooks.py"] = rendered("webhooks")
    if facade.identifiers:
        sources["ids.py"] = rendered("ids")
    files = {name: text.encode() for name, text in (sources | runtime).items()}
    return files | {"_runtime/schemas.json": facade.schemas}


def _runtime_sources() -> Iterator[tuple[str, Path]]:
    """The modules of the runtime, and those of wirecheck of which clients have a copy."""
    for folder, pattern in ((_RUNTIME, "*.py"), (_SHARED, "inflate.py"), (_SHARED, "masking/*.py")):
        for path in sorted(folder.glob(pattern)):
            yield path.relative_to(folder).as_posix(), path


# Until requests are built without the generator's functions, these build a message from what they return.


def use_httpx2(text: str) -> str:
    """A module of the generator on httpx2, which has what it uses of httpx."""
    return text.replace("import httpx\n", "import httpx2 as httpx\n")


def use_runtime_unset(text: str) -> str:
    """The module ``types`` with the UNSET of the runtime, which does not import attrs."""
    own = re.compile(r"class Unset:\n.*?UNSET: Unset = Unset\(\)\n", re.DOTALL)
    changed, count = own.subn("from ._runtime.unset import UNSET, Unset\n", text)
    if count != 1:
        raise ValueError("types.py is not as expected")
    return changed


def check_path_values(text: str) -> str:
    """The module of an endpoint that has path parameters; the runtime checks and encodes their values."""

    def call(match: re.Match[str]) -> str:
        names = re.findall(r"(\w+)=quote", match[2])
        return f'"url": _url_path({match[1]}, {", ".join(f"{name}={name}" for name in names)})'

    stock = re.compile(r'"url": ("(?:[^"\\]|\\.)*")\.format\(((?:\w+=quote\(str\(\w+\), safe=""\),)+)\)')
    changed, count = stock.subn(call, text, count=1)
    if not count:
        raise ValueError("the path of an endpoint is not as expected")
    return changed.replace(
        "from urllib.parse import quote\n", "from ..._runtime.paths import url_path as _url_path\n", 1
    )


def import_moments(text: str, dots: str) -> str:
    """A module with what it uses of the runtime for date-times; ``dots`` lead to the package."""
    names = [name for name in ("read_moment", "written_moment") if f"_{name}(" in text]
    if not names:
        return text
    imported = ", ".join(f"{name} as _{name}" for name in names)
    return text.replace(
        "import datetime\n", f"import datetime\nfrom {dots}_runtime.moments import {imported}\n", 1
    )


def hide_from_repr(text: str, attribute: str) -> str:
    """The module of a model, with an attribute left out of its repr."""

    def hidden(match: re.Match[str]) -> str:
        if (match[2] or "").startswith("_attrs_field("):
            return f"{match[1]} = {match[2][:-1]}, repr=False)"
        default = f"default={match[2]}, " if match[2] else ""
        return f"{match[1]} = _attrs_field({default}repr=False)"

    line = re.compile(rf"^(    {attribute}: [^=\n]+?)(?: = (.+))?$", re.MULTILINE)
    changed, count = line.subn(hidden, text, count=1)
    if not count:
        raise ValueError(f"there is no attribute {attribute}")
    return changed


def _call_type(method: Method) -> str:
    if method.item:
        return f"ListCall[{method.item}, {method.envelope}]"
    return f"Call[{method.stream or method.result}]"


def _class_of(resource: str) -> str:
    return "".join(word.capitalize() for word in resource.split("_"))
