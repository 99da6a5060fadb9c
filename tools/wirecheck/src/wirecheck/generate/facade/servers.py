"""Where the API is, by the document."""

from urllib.parse import urljoin

from wirecheck.spec import Document, Operation


def base_url(document: Document) -> str:
    """The first server; empty where the document has none."""
    return _first(document, "")


def own_server(document: Document, operation: Operation) -> str:
    """That of an operation or its path; empty where it is the one of the document."""
    base = base_url(document)
    for pointer in (operation.pointer, operation.pointer.rpartition("/")[0]):
        if address := _first(document, pointer):
            whole = urljoin(base, address)
            return whole if whole != base else ""
    return ""


def _first(document: Document, pointer: str) -> str:
    servers = document.get(pointer).get("servers") or [{"url": ""}]
    address: str = servers[0]["url"]
    for name, variable in servers[0].get("variables", {}).items():
        address = address.replace(f"{{{name}}}", str(variable.get("default", "")))
    return address
