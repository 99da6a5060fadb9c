"""Lets the HTTP libraries that a test suite imports, and none else, show their exchanges."""

import importlib.abc
import importlib.machinery
import sys
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import iscoroutinefunction
from types import ModuleType
from typing import Any

from wirecheck.testing.exchanges import (
    Captured,
    aiohttp_body,
    of_aiohttp,
    of_django,
    of_httpx,
    of_requests,
    of_werkzeug,
)

_LONGEST = 10 * 1024 * 1024  # bytes of a form that is read before it is sent

_Arguments = dict[str, Any]
_Before = Callable[[tuple[Any, ...], _Arguments], Any]
_Make = Callable[[Any, Any], Captured]


class Instruments(importlib.abc.MetaPathFinder):
    """Captures the exchanges of libraries, those that are imported later included, until it is removed.

    The ``captured`` are in the order in which their responses came, from whatever thread. ``unreadable``
    counts responses that are not what the library returns, such as those of a mock.
    """

    def __init__(self) -> None:
        self.captured: deque[Captured] = deque()
        self.unreadable = 0
        self._seen: weakref.WeakKeyDictionary[Any, Captured] = weakref.WeakKeyDictionary()
        self._originals: list[tuple[Any, str, Any]] = []

    def install(self) -> None:
        for name, patch in _PATCHES.items():
            if name in sys.modules:
                patch(self, sys.modules[name])
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        sys.meta_path.remove(self)
        for owner, name, original in reversed(self._originals):
            setattr(owner, name, original)
        self._originals.clear()

    def of(self, response: Any) -> Captured | None:
        """What was captured of a response."""
        try:
            return self._seen.get(response)
        except TypeError:  # cannot be a key
            return None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module as the other finders find it, to be patched once it is imported."""
        if fullname not in _PATCHES:
            return None
        others = (each for each in sys.meta_path if each is not self)
        found = (each.find_spec(fullname, path, target) for each in others)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self)
        return spec

    def patch(self, owner: Any, name: str, make: _Make, before: _Before = lambda args, kwargs: None) -> None:
        """Captures what a method returns, and the redirections before it.

        ``before`` sees the arguments of each call; what it returns goes to ``make``.
        """
        original = owner.__dict__[name]

        @wraps(original)
        def called(*args: Any, **kwargs: Any) -> Any:
            state = before(args, kwargs)
            response = original(*args, **kwargs)
            self._capture(response, make, state)
            return response

        @wraps(original)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            state = before(args, kwargs)
            response = await original(*args, **kwargs)
            self._capture(response, make, state)
            return response

        self._originals.append((owner, name, original))
        setattr(owner, name, awaited if iscoroutinefunction(original) else called)

    def _capture(self, response: Any, make: _Make, state: Any) -> None:
        """Takes a response and its history, each of them once, as libraries that redirect call themselves."""
        history = getattr(response, "history", ())
        for each in (*(history if isinstance(history, list | tuple) else ()), response):
            if self.of(each) is not None:
                continue
            try:
                captured = make(each, state)
                self._seen[each] = captured
            except Exception:  # of a mock, or a subclass: no reason to fail the test
                self.unreadable += 1
            else:
                self.captured.append(captured)


class _Loader(importlib.abc.Loader):
    """Imports a module by its own loader, and patches it."""

    def __init__(self, loader: importlib.abc.Loader, instruments: Instruments) -> None:
        self._loader = loader
        self._instruments = instruments

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _PATCHES[module.__name__](self._instruments, module)


def _patch_httpx(instruments: Instruments, module: Any) -> None:
    def read_form(args: tuple[Any, ...], kwargs: _Arguments) -> None:
        """Reads a form with files into memory, as httpx does with any other body that is not a stream."""
        request = args[1] if len(args) > 1 else kwargs.get("request")
        if not isinstance(request, module.Request) or isinstance(request.stream, module.ByteStream):
            return
        is_form = request.headers.get("content-type", "").startswith("multipart/")
        length = request.headers.get("content-length", "")
        if is_form and length.isdecimal() and int(length) <= _LONGEST:
            request.read()

    for client in (module.Client, module.AsyncClient):
        instruments.patch(client, "send", lambda response, _: of_httpx(response), read_form)


def _patch_requests(instruments: Instruments, module: Any) -> None:
    instruments.patch(module.Session, "send", lambda response, _: of_requests(response))


def _patch_aiohttp(instruments: Instruments, module: Any) -> None:
    def body(args: tuple[Any, ...], kwargs: _Arguments) -> tuple[str, bytes | None]:
        session, method = args[0], str(args[1] if len(args) > 1 else kwargs.get("method", ""))
        return method.upper(), aiohttp_body(kwargs.get("data"), kwargs.get("json"), session.json_serialize)

    def make(response: Any, state: tuple[str, bytes | None]) -> Captured:
        method, sent = state
        return of_aiohttp(response, sent if response.method.upper() == method else b"")

    instruments.patch(module.ClientSession, "_request", make, body)


def _patch_django(instruments: Instruments, module: Any) -> None:
    def body(_: tuple[Any, ...], kwargs: _Arguments) -> bytes | None:
        name = next((name for name in ("wsgi.input", "_body_file") if name in kwargs), None)
        if name is None:
            return b""
        if type(kwargs[name]) is not module.FakePayload:
            return None
        content: bytes = kwargs[name].read()
        kwargs[name] = module.FakePayload(content)
        return content

    for client in (module.Client, module.AsyncClient):
        instruments.patch(client, "request", of_django, body)


def _patch_werkzeug(instruments: Instruments, module: Any) -> None:
    instruments.patch(module.Client, "open", lambda response, _: of_werkzeug(response))


_PATCHES: dict[str, Callable[[Instruments, Any], None]] = {
    "aiohttp": _patch_aiohttp,
    "django.test.client": _patch_django,
    "httpx": _patch_httpx,
    "httpx2": _patch_httpx,
    "requests": _patch_requests,
    "werkzeug.test": _patch_werkzeug,
}
"""What is patched of each module: the lowest place that all requests of the library pass."""
