"""What the judge says of one exchange."""

from msgspec import Struct

from wirecheck.checks.scope import Skipped
from wirecheck.model import Finding
from wirecheck.spec import SpecProblem


class Verdict(Struct, frozen=True):
    """The findings of one exchange, and the operation it belongs to, None if to none.

    ``skipped`` says why it was not judged. Of a ``host`` that is not certain to serve the API, ``elsewhere``
    is the finding in the place of all others if it turns out not to. ``authorized`` says whether the
    request carried credentials.
    ``unusable`` are the problems of the document that kept parts of it from being judged.
    """

    operation: str | None
    findings: tuple[Finding, ...]
    skipped: Skipped | None = None
    host: str = ""
    elsewhere: Finding | None = None
    authorized: bool = False
    unusable: frozenset[SpecProblem] = frozenset()
