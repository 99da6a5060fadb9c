"""Which hosts may be tested: local ones, and another host only if the user confirms it."""

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from wirecheck.escapes import printable
from wirecheck.model import TargetError


class Transport(httpx.BaseTransport):
    """The transport to a server, through the proxy of the environment unless the host is local.

    After a failure of the server, its connections are not used again: some servers close them without
    saying so, and the next request would get no response.
    """

    def __init__(self, url: str) -> None:
        host, scheme = _host(url), urlsplit(url).scheme
        proxies = {} if is_local(host) or proxy_bypass(host) else getproxies()
        proxy = proxies.get(scheme, proxies.get("all"))
        self._proxy = f"http://{proxy}" if proxy and "://" not in proxy else proxy
        self._http, self._has_failed = httpx.HTTPTransport(proxy=self._proxy), False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._has_failed:
            self._http.close()
            self._http = httpx.HTTPTransport(proxy=self._proxy)
        response = self._http.handle_request(request)
        self._has_failed = response.status_code >= 500
        return response

    def close(self) -> None:
        self._http.close()


def require_allowed(url: str, allowed: str | None) -> None:
    """Raises TargetError for a malformed URL, and for a host that is neither local nor ``allowed``."""
    if is_near(url):
        return
    host = _host(url)
    if allowed is None or host != _normalized(allowed):
        name = printable(host)
        raise TargetError(
            name, f"is not a local host: add --yes-i-may-test {name} if you are authorised to test it"
        )


def can_call_back(url: str, listen: str) -> bool:
    """Whether the server at ``url`` can reach a listener: only local servers reach the loopback interface."""
    return is_near(url) or not is_local(listen.rpartition(":")[0])


def is_near(url: str) -> bool:
    """Whether a URL leads to this machine, or to a name that is reserved for testing (RFC 6761)."""
    host = _host(url)
    return host.endswith(".test") or is_local(host)


def is_local(host: str) -> bool:
    """Whether a host is this machine: by its name, or because all its addresses are loopback addresses."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(entries) and all(_is_loopback(str(address[0])) for *_, address in entries)


def _is_loopback(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback or address.is_unspecified


def _host(url: str) -> str:
    """The host in lower case. Errors never show the URL, as it may hold a secret."""
    try:
        parts, host = urlsplit(url), httpx.URL(url).host
        port = parts.port
    except (ValueError, httpx.InvalidURL):
        raise TargetError("URL", "is not a valid URL") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise TargetError(
            "URL", "must start with http:// or https:// and a host, such as http://127.0.0.1:8080/v1"
        )
    if "@" in parts.netloc:
        raise TargetError("URL", "contains a user name or password: pass credentials by --token and --values")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise TargetError("URL", "must end with the path: remove the query and the fragment")
    return _normalized(host)


def _normalized(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")
