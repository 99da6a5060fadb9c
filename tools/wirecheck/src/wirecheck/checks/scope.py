"""Which exchanges of a recording are traffic with the API: by their hosts, and by what browsers record."""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from wirecheck.decode import essence, header_values
from wirecheck.model import Exchange
from wirecheck.spec import PathMatch, Spec

_LOOPBACK = re.compile(r"(localhost|.*\.localhost|127(\.[0-9]+){3}|0\.0\.0\.0|\[::1\])(:[0-9]+)?")
_DEFAULT_PORTS = {"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}
_OF_PAGES = frozenset(
    {
        *("document", "iframe", "frame", "stylesheet", "style", "script", "image", "font", "media", "audio"),
        *("video", "track", "texttrack", "manifest", "object", "embed", "worker", "sharedworker"),
        *("serviceworker", "report", "ping", "cspviolationreport", "prefetch", "signedexchange"),
    }
)
"""What browsers load for a page: resource types of HAR, and values of Sec-Fetch-Dest (Fetch Metadata)."""
_MEDIA_TYPES_OF_PAGES = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "image/",
    "font/",
)
_ACCEPTED_BY_PAGES = ("text/html,", "text/css,", "image/")  # how Accept begins for a part of a page


class Skipped(StrEnum):
    """Why an exchange is not judged."""

    UNREADABLE = "unreadable"
    NOT_HTTP = "not-http"
    PREFLIGHT = "preflight"
    WEBSOCKET = "websocket"
    SYNTHETIC = "synthetic"
    NO_RESPONSE = "no-response"
    PAGE = "page"


def skipped(exchange: Exchange, match: PathMatch | None, *, is_covered: bool) -> Skipped | None:
    """Why an exchange with its match says nothing about the API; None where it does.

    ``is_covered`` says whether its path is below one where the API is served.

    A documented operation is judged however it was requested, unless a script in the browser responded.
    """
    scheme = _scheme(exchange.url)
    if exchange.error:
        return Skipped.UNREADABLE
    if scheme and scheme not in _DEFAULT_PORTS:
        return Skipped.NOT_HTTP
    if exchange.resource == "synthetic":
        return Skipped.SYNTHETIC
    if match is not None and match.operation is not None:
        return None
    if reason := _beside_http(exchange, scheme):
        return reason
    is_of_page = _is_of_page(exchange) or (not is_covered and _looks_like_page(exchange))
    return Skipped.PAGE if match is None and is_of_page else None


def _beside_http(exchange: Exchange, scheme: str) -> Skipped | None:
    """Why an exchange without an operation is a matter of the browser, rather than of the API."""
    if exchange.method.upper() == "OPTIONS" and _value(exchange, "access-control-request-method"):
        return Skipped.PREFLIGHT
    if scheme in ("ws", "wss") or exchange.status == 101 or exchange.resource == "websocket":
        return Skipped.WEBSOCKET
    return Skipped.NO_RESPONSE if exchange.status == 0 else None


def _looks_like_page(exchange: Exchange) -> bool:
    """Whether the server responded with a part of a page, as to a script that was redirected to a login."""
    media_type = essence(next(iter(header_values(exchange.response_headers, "content-type")), ""))
    return 200 <= exchange.status < 400 and media_type.startswith(_MEDIA_TYPES_OF_PAGES)


def _is_of_page(exchange: Exchange) -> bool:
    """Whether a browser loaded this for a page, rather than a script by its own decision."""
    destination = exchange.resource or _value(exchange, "sec-fetch-dest").lower()
    if destination:
        return destination in _OF_PAGES
    return _value(exchange, "accept").lower().startswith(_ACCEPTED_BY_PAGES)


def _value(exchange: Exchange, name: str) -> str:
    return next(iter(header_values(exchange.request_headers, name)), "")


def _scheme(url: str) -> str:
    match = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    return match[1].lower() if match else ""


def authority(url: str) -> str:
    """Host and port of a URL in lower case, without the usual port; empty where it names no host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix(_DEFAULT_PORTS.get(parts.scheme.lower(), ":"))


def is_loopback(host: str) -> bool:
    return bool(_LOOPBACK.fullmatch(host))


class Hosts:
    """The hosts whose traffic is judged: those of the document's servers, and those that a person names.

    Without ``named`` hosts, the host to which most of the exchanges went that belong to operations is judged
    as well, and so are loopback hosts, but those that only serve pages, or stand beside one with the API.
    """

    def __init__(self, spec: Spec, named: Iterable[str] = ()) -> None:
        self._named = frozenset(host.lower() for host in named)
        self._servers = [re.compile(pattern) for pattern in spec.host_patterns]
        self._is_local = any(is_loopback(re.sub(r"\\(.)", r"\1", pattern)) for pattern in spec.host_patterns)

    def are_certain(self, host: str) -> bool:
        """Whether a host is judged whatever the recording contains, as are exchanges that name no host."""
        name = host.rpartition(":")[0] if re.search(r":[0-9]+$", host) else host
        if not host or host in self._named or name in self._named:
            return True
        if is_loopback(host):  # one machine serves many things, told apart by the port
            return any(server.fullmatch(host) for server in self._servers)
        return any(server.fullmatch(host) or server.fullmatch(name) for server in self._servers)

    def judged(self, matched: Mapping[str, int], certain: int, of_pages: Collection[str]) -> set[str]:
        """Which of the other hosts are judged, by the number of their exchanges that belong to operations.

        ``certain`` is that number for the hosts that are judged anyway; ``of_pages`` serve parts of pages.
        """
        if self._named:
            return set()
        most = max(matched.values(), default=0)
        if not most and not certain and not self._servers:
            return set(matched)
        main = {host for host, count in matched.items() if count == most and count > certain}
        local = {host: count for host, count in matched.items() if is_loopback(host)}
        if any(local.values()):
            return main | {host for host, count in local.items() if count}
        return main if certain and self._is_local else main | (local.keys() - set(of_pages))
