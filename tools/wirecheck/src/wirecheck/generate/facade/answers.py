"""What methods give."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wirecheck.decode import payload_name
from wirecheck.generate.facade.properties import list_in, union, walked
from wirecheck.spec import Document, Operation
from wirecheck.spec.document import tokens

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property

_REDIRECTS = {"301", "302", "303", "307", "308"}


class Answers:
    """What an operation gives when it succeeds, as the generator types it.

    ``result`` and ``envelope`` are types, ``item`` that of the items of a list; ``payload`` are the
    attributes from the envelope to the result. ``parser`` is one of the runtime, None for that of
    the generator. ``shown`` are the properties whose types a signature names.
    """

    def __init__(self, document: Document, operation: Operation, endpoint: "Endpoint") -> None:
        answers = [one for one in endpoint.responses.patterns if one.status_code.pattern[0] == "2"]
        if not answers and endpoint.responses.default:
            answers = [endpoint.responses.default]
        ranges = [one.status_code.range for one in answers if one.status_code.range]
        self.statuses = tuple(status for first, last in ranges for status in range(first, last + 1))
        sources = {one.source["attribute"] for one in answers}
        self.is_json = "response.json()" in sources
        self.payload: tuple[str, ...] = ()
        self.shown: list[Property] = []
        self.result, self.envelope = "None", "Any"
        self.item: str | None = None
        self.parser: str | None = None
        redirects = _redirects(operation)
        if not answers and redirects:
            self.statuses, self.result, self.parser = redirects, "str", "location"
        elif self.is_json and endpoint.response_type().as_unembedded_code() == "Any":
            self.result, self.parser = "Any", "body"
        elif sources - {"None"}:
            self._describe([one.prop for one in answers], _path(document, operation))

    def _describe(self, wholes: list["Property"], path: Sequence[str]) -> None:
        ends = [walked(whole, path) for whole in wholes]
        if len({names for names, _ in ends}) == 1:
            self.payload = ends[0][0]
        else:
            ends = [((), whole) for whole in wholes]
        found = [end for _, end in ends]
        lists = [list_in(end) for end in found]
        self.shown = [*wholes, *found]
        self.envelope = union(wholes)
        self.result = union(found)
        if all(lists):
            self.item = union(one.inner_property for one in lists)


def _redirects(operation: Operation) -> tuple[int, ...]:
    return tuple(
        int(one.status)
        for one in operation.responses
        if one.status in _REDIRECTS and any(header.name.lower() == "location" for header in one.headers)
    )


def _path(document: Document, operation: Operation) -> Sequence[str]:
    """Where in the body of an answer that is what a method gives."""
    pagination = document.get(operation.pointer).get("x-pagination")
    if pagination:
        return [*tokens(pagination["items"])]
    for response in operation.responses:
        if response.status[0] == "2":
            for media in response.content:
                if media.schema and (name := payload_name(document, media.schema)):
                    return [name]
    return []
