"""Where documents are read from: files of this machine, or the one address that the user named."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from wirecheck.model import SpecError
from wirecheck.spec.text import content

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 50_000_000  # of a document that is fetched
MAX_SECONDS = 30
MAX_REDIRECTS = 5


class UnreachableError(ValueError):
    """A reference does not lead to anything that may be read; the message completes "$ref ..."."""


class Source(Protocol):
    """Reads a document and what it refers to. An address is whatever names a file to it."""

    main: str

    def address(self, base: str, path: str) -> str:
        """The address of a path in a reference of the file at another address; raises UnreachableError."""

    def name(self, address: str) -> str:
        """How messages name the file at an address."""

    def read(self, address: str) -> bytes:
        """Raises SpecError."""

    def again(self, name: str) -> bytes:
        """What was read of the file with a name; raises SpecError, and LookupError where none was."""


class Files:
    """Files below the folder of a document, and below the ``folders`` that the user allowed."""

    def __init__(self, path: Path, folders: Sequence[Path] = ()) -> None:
        self._named = path
        resolved = path.resolve()
        self.main = str(resolved)
        self._folder = resolved.parent
        self._folders = [self._folder, *(folder.resolve() for folder in folders)]
        self._addresses: dict[str, str] = {}  # by names

    def address(self, base: str, path: str) -> str:
        parts = urlsplit(path)
        if parts.scheme or parts.netloc:
            raise UnreachableError("is a URL, and nothing is fetched")
        file = (Path(base).parent / unquote(parts.path)).resolve()
        if not any(file.is_relative_to(folder) for folder in self._folders):
            what = f"leads out of the folder {self._named.parent} (--allow-refs DIR permits another)"
            raise UnreachableError(what)
        if not file.is_file():
            raise UnreachableError("leads to a file that does not exist")
        return str(file)

    def name(self, address: str) -> str:
        if address == self.main:
            return str(self._named)
        return os.path.normpath(self._named.parent / os.path.relpath(address, self._folder))

    def read(self, address: str) -> bytes:
        name = self.name(address)
        self._addresses[name] = address
        return content(Path(address), name)

    def again(self, name: str) -> bytes:
        return content(Path(self._addresses[name]), name)


class Web:
    """Documents below the directory of a URL, and nowhere else; redirects stay on its host."""

    def __init__(self, url: str) -> None:
        self.main = url
        self._directory = url.partition("?")[0].rpartition("/")[0] + "/"
        self._fetched: dict[str, bytes] = {}  # by names: nothing is fetched twice

    def address(self, base: str, path: str) -> str:
        url = urljoin(base, path)
        if not url.startswith(self._directory) or ".." in unquote(urlsplit(url).path).split("/"):
            raise UnreachableError(f"leads out of {_shown(self._directory)}, and is not fetched")
        return url

    def name(self, address: str) -> str:
        return _shown(address)

    def again(self, name: str) -> bytes:
        return self._fetched[name]

    def read(self, address: str) -> bytes:
        name = self.name(address)
        self._fetched[name] = body = self._fetch(address)
        return body

    def _fetch(self, address: str) -> bytes:
        import httpx

        try:
            with httpx.Client(timeout=MAX_SECONDS, headers={"Accept-Encoding": "identity"}) as client:
                for _ in range(MAX_REDIRECTS):
                    with client.stream("GET", address) as response:
                        if response.next_request is not None:
                            address = _same_host(address, str(response.next_request.url))
                            continue
                        if response.status_code != 200:
                            raise SpecError(
                                _shown(address), f"the server responds with {response.status_code}"
                            )
                        return _bounded(address, response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SpecError(_shown(address), f"cannot be fetched: {error or type(error).__name__}") from None
        raise SpecError(_shown(address), f"redirects more than {MAX_REDIRECTS} times")


def _shown(url: str) -> str:
    """A URL without its query and credentials, which may be secret."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def _same_host(address: str, following: str) -> str:
    old, new = urlsplit(address), urlsplit(following)
    if (old.scheme, old.hostname, old.port) != (new.scheme, new.hostname, new.port):
        raise SpecError(_shown(address), f"redirects to another host: {_shown(following)}")
    return following


def _bounded(address: str, response: "httpx.Response") -> bytes:
    body = bytearray()
    for piece in response.iter_raw():
        body += piece
        if len(body) > MAX_BYTES:
            raise SpecError(_shown(address), f"has more than {MAX_BYTES:,} bytes")
    return bytes(body)


def source(address: str | Path, folders: Sequence[Path] = (), *, offline: bool = False) -> Source:
    """The source of a document that the user named: a file, or a URL unless ``offline``. Raises SpecError."""
    name = str(address)
    if not name.startswith(("http://", "https://")):
        return Files(Path(address), folders)
    if offline:
        raise SpecError(_shown(name), "is not fetched: --offline")
    return Web(name)
