"""Gaps of a document: what servers rightly return, and documents of other people often leave out."""

from collections import defaultdict

from wirecheck.model import Finding
from wirecheck.spec import Operation, Spec

_MEANINGS = (
    frozenset({400, 406, 411, 413, 414, 415, 422, 431}),  # the request is malformed
    frozenset({401, 403}),  # its credentials do not suffice
    frozenset({404, 410}),  # there is no such thing
    frozenset({405}),
    frozenset({409, 412, 428}),  # it conflicts with the state of the thing
)
_ANY = {"default", "4XX", "4xx"}


class Gaps:
    """Collects gaps that are noted once, and are no violation of any requirement.

    ``statuses`` has, by status, the operations that return it without documenting any status of its meaning.
    """

    def __init__(self, spec: Spec, *, trusts_document: bool) -> None:
        self.statuses: dict[int, set[str]] = defaultdict(set)
        self._spec, self.trusts_document = spec, trusts_document

    def take(self, finding: Finding, operation: Operation) -> bool:
        """Whether a finding shows a gap of the document, which is noted then."""
        is_about_status = finding.check == "status-documented"
        return is_about_status and not self.trusts_document and self._take_status(finding.status, operation)

    def _is_of_framework(self, operation: Operation) -> bool:
        """Whether FastAPI added the status 422, which its applications seldom return alone."""
        response = operation.response(422)
        schemas = [media_type.schema for media_type in response.content] if response else []
        definitions = (self._spec.document.get(schema) for schema in schemas if schema)
        references = (value.get("$ref", "") for value in definitions if isinstance(value, dict))
        return any(str(reference).endswith("/HTTPValidationError") for reference in references)

    def _take_status(self, status: int, operation: Operation) -> bool:
        documented = set(operation.statuses)
        if self._is_of_framework(operation):
            documented.discard("422")
        for meaning in _MEANINGS:
            if status in meaning and not documented & ({str(code) for code in meaning} | _ANY):
                self.statuses[status].add(operation.name)
                return True
        return False
