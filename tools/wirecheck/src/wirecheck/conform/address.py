"""Whether an address may be tested: it is well-formed, holds no secret, and its owner agrees."""

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from wirecheck.model import TargetError
from wirecheck.redact import printable


def transport(url: str) -> httpx.HTTPTransport:
    """What carries requests to a server, by the proxy of the environment unless it is this machine."""
    host, scheme = _host(url), urlsplit(url).scheme
    proxies = {} if is_here(host) or proxy_bypass(host) else getproxies()
    proxy = proxies.get(scheme, proxies.get("all"))
    return httpx.HTTPTransport(proxy=f"http://{proxy}" if proxy and "://" not in proxy else proxy)


def require(url: str, allowed: str | None) -> None:
    """Raises TargetError for what is no address of a server, or one that may not be tested."""
    host = _host(url)
    if host.endswith(".test") or is_here(host):  # .test is nobody's (RFC 6761)
        return
    if allowed is None or host != _bare(allowed):
        shown = printable(host)
        raise TargetError(shown, f"is not this machine: --yes-i-may-test {shown} if its owner agrees")


def reaches(url: str, listen: str) -> bool:
    """Whether a server may reach who listens: what is on the loopback interface, only from this machine."""
    host = _host(url)
    return host.endswith(".test") or is_here(host) or not is_here(listen.rpartition(":")[0])


def is_here(host: str) -> bool:
    """Whether a host is this machine: by name, by address, or by all addresses that its name has."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(_is_loopback(address) for address in found)


def _is_loopback(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return (mapped or known).is_loopback or known.is_unspecified


def _host(url: str) -> str:
    """The host, in small letters. The URL is never told, for it may hold a secret."""
    try:
        parts, host = urlsplit(url), httpx.URL(url).host
        port = parts.port
    except (ValueError, httpx.InvalidURL):
        raise TargetError("URL", "is none") from None
    if parts.scheme not in ("http", "https") or not host or port == 0:
        raise TargetError("URL", "begins with http:// or https:// and a host, as http://127.0.0.1:8080/v1")
    if "@" in parts.netloc:
        raise TargetError("URL", "holds a name or a password: credentials are for --token and --values")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise TargetError("URL", "ends with the path: a query or a fragment has no place there")
    return _bare(host)


def _bare(host: str) -> str:
    return host.lower().strip("[]").rstrip(".")
