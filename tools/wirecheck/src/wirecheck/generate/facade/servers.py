"""The address of the API, as the document states it."""

from urllib.parse import quote, urljoin

from wirecheck.spec import Document, Operation


def base_url(document: Document) -> str:
    """The first server; empty where the document has none."""
    return _first(document, "")


def own_server(document: Document, operation: Operation) -> str:
    """The server of an operation or its path; empty where it is that of the document."""
    base = base_url(document)
    for pointer in (operation.pointer, operation.pointer.rpartition("/")[0]):
        if address := _first(document, pointer):
            absolute = urljoin(base, address)
            return absolute if absolute != base else ""
    return ""


def _first(document: Document, pointer: str) -> str:
    servers = document.get(pointer).get("servers") or [{"url": ""}]
    address: str = servers[0]["url"]
    for name, variable in servers[0].get("variables", {}).items():
        address = address.replace(f"{{{name}}}", str(variable.get("default", "")))
    return "".join(map(_sendable, address))


def _sendable(character: str) -> str:
    """What stands for a character in an address; other letters than those of ASCII may be in a host."""
    return quote(character) if character in ' "<>\\^`{|}' or not character.isprintable() else character
