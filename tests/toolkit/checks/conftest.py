"""Every exchange that is accepted in these tests is judged by all checks as well."""

from collections.abc import Iterator

import pytest

from wirecheck.checks import Judge, Verdict
from wirecheck.model import Exchange


@pytest.fixture(autouse=True, scope="module")
def _accepted_is_right() -> Iterator[None]:
    accept = Judge.accepted

    def accept_what_is_right(self: Judge, exchange: Exchange, *, promptly: bool = False) -> Verdict | None:
        verdict = accept(self, exchange, promptly=promptly)
        assert verdict is None or verdict == self.verdict(self.subject(exchange))
        return verdict

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Judge, "accepted", accept_what_is_right)
        yield
