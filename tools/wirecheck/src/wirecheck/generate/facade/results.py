"""What methods return."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from wirecheck.decode import payload_name
from wirecheck.generate.facade import media
from wirecheck.generate.facade.properties import list_in, union, walk_path
from wirecheck.spec import Document, Operation
from wirecheck.spec.document import tokens

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property
    from openapi_python_client.parser.responses import Response

_REDIRECTS = {"301", "302", "303", "307", "308"}


class Result:
    """What an operation returns on success, as the generator types it.

    ``type`` and ``envelope`` are types, ``item`` is the type of the items of a list; ``payload`` are the
    attributes that lead from the envelope to the result. ``kind`` is what a body is, as the runtime names it;
    ``stream`` is the type of the items of a stream. ``parser`` is a function of the runtime, None for
    that of the generator. ``properties`` are those whose types a signature names.
    """

    def __init__(self, document: Document, operation: Operation, endpoint: "Endpoint") -> None:
        responses = _successes(endpoint)
        self.statuses = tuple(chain.from_iterable(map(_statuses, responses)))
        sources = {response.source["attribute"] for response in responses}
        self.kind = media.kind(operation, "response.json()" in sources)
        self.payload: tuple[str, ...] = ()
        self.properties: list[Property] = []
        self.type, self.envelope = "None", "Any"
        self.item: str | None = None
        self.stream: str | None = None
        self.parser: str | None = None
        redirects = _redirects(operation)
        if not responses and redirects:
            self.statuses, self.type, self.parser = redirects, "str", "location"
        elif self.kind in {"binary", *media.STREAMS}:
            self.type, self.parser = "bytes", "content"
            self.stream = None if self.kind == "binary" else "Any"
        elif self.kind == "json" and endpoint.response_type().as_unembedded_code() == "Any":
            self.type, self.parser = "Any", "body"
        elif sources - {"None"}:
            self._describe([response.prop for response in responses], _payload_path(document, operation))

    def _describe(self, envelopes: list["Property"], path: Sequence[str]) -> None:
        ends = [walk_path(envelope, path) for envelope in envelopes]
        if len({attributes for attributes, _ in ends}) == 1:
            self.payload = ends[0][0]
            results = [result for _, result in ends]
        else:
            results = envelopes
        lists = [list_in(result) for result in results]
        self.properties = [*envelopes, *results]
        self.envelope = union(envelopes)
        self.type = union(results)
        if all(lists):
            self.item = union(member.inner_property for member in lists)


def _successes(endpoint: "Endpoint") -> list["Response"]:
    """The responses with 2xx, or the default where there is none."""
    documented, default = endpoint.responses.patterns, endpoint.responses.default
    successes = [response for response in documented if response.status_code.pattern[0] == "2"]
    return successes or ([default] if default else [])


def _statuses(response: "Response") -> Iterable[int]:
    if response.status_code.range is None:
        return ()
    first, last = response.status_code.range
    return range(first, last + 1)


def _redirects(operation: Operation) -> tuple[int, ...]:
    """The statuses that lead elsewhere by a documented ``Location``."""
    return tuple(
        int(response.status)
        for response in operation.responses
        if response.status in _REDIRECTS
        and any(header.name.lower() == "location" for header in response.headers)
    )


def _payload_path(document: Document, operation: Operation) -> Sequence[str]:
    """The names in a response body that lead to what the method returns."""
    pagination = document.get(operation.pointer).get("x-pagination")
    if pagination:
        return [*tokens(pagination["items"])]
    for response in operation.responses:
        if response.status[0] == "2":
            for media_type in response.content:
                if media_type.schema and (name := payload_name(document, media_type.schema)):
                    return [name]
    return []
