"""Every exchange that these tests judge is judged twice: as it is accepted, and by all checks."""

import pytest

from wirecheck.checks import Judge, Verdict
from wirecheck.model import Exchange


@pytest.fixture(autouse=True, scope="session")
def _accepted_is_right() -> None:
    judge = Judge.judge

    def judge_twice(self: Judge, exchange: Exchange) -> Verdict:
        verdict = judge(self, exchange)
        assert self.verdict(self.subject(exchange)) == verdict
        return verdict

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Judge, "judge", judge_twice)
        yield
