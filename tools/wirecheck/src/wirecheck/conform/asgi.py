"""An ASGI application as the server under test, without a network."""

import asyncio
import importlib
import inspect
import sys
from collections.abc import Mapping
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import msgspec

from wirecheck.conform.encoding import default_path
from wirecheck.model import SpecError, TargetError
from wirecheck.spec import Spec, parsed

ORIGIN = "http://server.test"
_VERSION = {"version": "3.0", "spec_version": "2.3"}
_DOCUMENT = "/openapi.json"
_LIFESPAN_SECONDS = 60.0  # for startup, and for shutdown


def application_at(path: str, option: str) -> Any:
    """The application at MODULE:NAME, as an option names it, or what the function of that name returns.

    The module is looked for in the working folder, too. Raises TargetError.
    """
    module, _, name = path.partition(":")
    if (folder := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, folder)
    try:
        value = attrgetter(name)(importlib.import_module(module))
    except Exception as error:
        raise TargetError(option, f"{path} cannot be imported: {_described(error)}") from None
    if not _takes(value):
        return value
    try:
        return value()
    except Exception as error:
        raise TargetError(option, f"the function {path} failed: {_described(error)}") from None


class InProcess(httpx.BaseTransport):
    """Passes requests to an application in this process.

    As a context manager it runs the application's startup before and its shutdown after (lifespan). Its
    event loop runs only while a request is being handled. An application that raises before it responds
    counts as a response with status 500.
    """

    def __init__(self, application: Any) -> None:
        if not callable(application) or not _takes(application, {}, None, None):
            problem = "is not an ASGI application: start it with its own server, and give the URL"
            raise TargetError(type(application).__name__, problem)
        self._application = application
        self._runner = asyncio.Runner()
        self._state: dict[str, Any] = {}
        self._lifespan = _Lifespan(application, self._state)

    def __enter__(self) -> "InProcess":
        try:
            self._runner.run(self._lifespan.start())
        except BaseException:
            self._runner.close()
            raise
        return self

    def url(self, spec: Spec) -> str:
        """The URL at which requests by a document reach the application."""
        return ORIGIN + default_path(spec)

    def document(self) -> Spec | None:
        """The document that the application itself has: of its method openapi(), else at /openapi.json."""
        make = getattr(self._application, "openapi", None)
        if callable(make) and _takes(make):
            value = make()
        else:
            response = self.handle_request(httpx.Request("GET", ORIGIN + _DOCUMENT))
            value = _json(response) if response.status_code == 200 else None
        if not isinstance(value, Mapping):
            return None
        try:
            return parsed(value)
        except SpecError as error:
            raise SpecError(f"the application's {error.where}", error.what) from None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        channel = _Channel(request.read())
        call = self._application(self._scope(request), channel.receive, channel.send)
        try:
            self._runner.run(asyncio.wait_for(call, seconds))
        except TimeoutError:
            raise httpx.ReadTimeout(f"after {seconds} s", request=request) from None
        except Exception:
            if not channel.status:
                return httpx.Response(500)
        if not channel.ended.is_set():
            raise httpx.RemoteProtocolError(
                "the application ended before its response was complete", request=request
            )
        body = b"" if request.method == "HEAD" else bytes(channel.body)
        return httpx.Response(channel.status, headers=channel.headers, content=body)

    def close(self) -> None:
        self._runner.run(self._lifespan.stop())
        self._runner.close()

    def _scope(self, request: httpx.Request) -> dict[str, Any]:
        raw_path, _, query = request.url.raw_path.partition(b"?")
        return {
            "type": "http",
            "asgi": _VERSION,
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.url.scheme,
            "path": unquote(raw_path.decode()),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 123),
            "server": (request.url.host, request.url.port),
            "state": dict(self._state),
        }


class _Lifespan:
    """Startup and shutdown of an application, which may not know these events."""

    def __init__(self, application: Any, state: dict[str, Any]) -> None:
        self._application, self._state = application, state
        self._task: asyncio.Task[None] | None = None
        self._failure: str | None = None

    async def start(self) -> None:
        """Raises TargetError when startup fails or takes too long."""
        self._to_send: asyncio.Queue[str] = asyncio.Queue()
        self._done = asyncio.Event()
        scope = {"type": "lifespan", "asgi": _VERSION, "state": self._state}
        self._task = asyncio.ensure_future(self._application(scope, self._receive, self._send))
        await self._event("startup")
        if self._failure is not None:
            raise TargetError(
                "startup of the application", f"failed: {self._failure or 'it does not say why'}"
            )

    async def stop(self) -> None:
        """Runs shutdown, unless the application did not take part in startup."""
        if self._task is not None and not self._task.done():
            with suppress(TargetError):
                await self._event("shutdown")
            self._task.cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _event(self, name: str) -> None:
        """Sends an event, and waits until the application has handled it, or does not know it."""
        assert self._task is not None
        self._done.clear()
        self._to_send.put_nowait(f"lifespan.{name}")
        handled = asyncio.ensure_future(self._done.wait())
        await asyncio.wait(
            {handled, self._task}, timeout=_LIFESPAN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if not handled.done() and not self._task.done():
            raise TargetError(f"{name} of the application", f"took longer than {_LIFESPAN_SECONDS:.0f} s")
        handled.cancel()

    async def _receive(self) -> dict[str, Any]:
        return {"type": await self._to_send.get()}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"].endswith(".failed"):
            lines = str(message.get("message", "")).strip().splitlines()
            self._failure = lines[-1] if lines else ""
        self._done.set()


def _takes(function: Any, *arguments: Any) -> bool:
    """Whether something can be called with these arguments."""
    try:
        inspect.signature(function).bind(*arguments)
    except (TypeError, ValueError):
        return False
    return True


def _json(response: httpx.Response) -> Any:
    try:
        return msgspec.json.decode(response.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class _Channel:
    """The ASGI channels of one request: its body goes in, the response comes out."""

    def __init__(self, request_body: bytes) -> None:
        self._request_body: bytes | None = request_body
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.ended = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._request_body is None:
            await self.ended.wait()
            return {"type": "http.disconnect"}
        body, self._request_body = self._request_body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self.ended.set()
