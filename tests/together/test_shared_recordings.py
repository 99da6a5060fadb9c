"""The labelled recordings, where they are at hand: what is right is let pass, what is wrong is found."""

import json

import pytest

from support.paths import CONTRACT, SHARED
from wirecheck.checks import Judge
from wirecheck.model import Severity, Side
from wirecheck.recordings import read
from wirecheck.spec import load

RECORDINGS = SHARED / "recordings"
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the labelled recordings are not at hand")


@pytest.mark.parametrize("name", ["recorded.har", "recorded.jsonl"])
def test_every_label_holds(name: str) -> None:
    judge = Judge(load(CONTRACT))
    lines = (RECORDINGS / "recorded.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line)["expect"] for line in lines]
    wrong = []
    for exchange, label in zip(read(RECORDINGS / name), labels, strict=True):
        verdict = judge.judge(exchange)
        errors = [
            finding.message
            for finding in verdict.findings
            if finding.side is Side.RESPONSE and finding.severity is Severity.ERROR
        ]
        if label == "accept" and errors:
            wrong.append((exchange.source, label, errors[0]))
        if label == "reject" and verdict.operation is not None and not errors:
            wrong.append((exchange.source, label, "nothing found"))
    assert {"accept", "reject"} <= set(labels)
    assert wrong == []
