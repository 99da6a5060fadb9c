"""Conformance finds every fault, by what it promises to find; with the law or rule gone, it finds no more."""

import copy
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from faults import FAULTS, Fault
from instagram_server import world
from instagram_server.app import create_app
from instagram_server.config import Settings
from wirecheck.conform import Options, laboratory, promises
from wirecheck.conform.asgi import InProcess
from wirecheck.conform.lab import Lab, Outcome, Promise, State
from wirecheck.spec import Spec, load

VALUES = Path(__file__).parent / "reference-values.yaml"
TOKENS = world.tokens()
LACKING = {
    name.removeprefix("without-"): token for name, token in TOKENS.items() if name.startswith("without-")
}


@contextmanager
def lab_of(spec: Spec, fault: Fault | None = None) -> Iterator[Lab]:
    """Where the reference server is tested, without limits, and with a fault."""
    app = create_app(Settings(rate_limit=None, write_limit=None))
    faulty: ASGIApp = fault.wrap(app) if fault else app
    options = Options(url="http://server.test/v1", token=TOKENS["all"], lacking=LACKING, values=VALUES)
    try:
        with httpx.Client(transport=InProcess(faulty)) as http:
            yield laboratory(spec, options, http)
    finally:
        app.state.platform.store.close()


def broken(lab: Lab, chosen: Iterable[Promise]) -> Iterator[Outcome]:
    outcomes = (lab.run(promise) for promise in chosen)
    return (outcome for outcome in outcomes if outcome.state is State.BROKEN)


def showing(spec: Spec, fault: Fault) -> list[Promise]:
    """The promises of the operations that a fault shows at."""
    return [promise for promise in promises(spec) if promise.operation in fault.shows]


def test_there_are_faults_of_every_kind() -> None:
    kinds = Counter(fault.kind for fault in FAULTS.values())
    assert kinds.keys() == {"shape", "protocol", "rules", "state", "paging", "access", "laws"}
    assert min(kinds.values()) >= 15


def test_the_right_server_breaks_nothing(spec: Spec) -> None:
    with lab_of(spec) as lab:
        assert list(broken(lab, promises(spec))) == []


# As many as a test run has time for, of every kind; `make faults` tries all of them.
SAMPLE = sorted(FAULTS, key=lambda name: FAULTS[name].kind)[::8]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_is_found(name: str, spec: Spec) -> None:
    fault = FAULTS[name]
    with lab_of(spec, fault) as lab:
        assert next(broken(lab, showing(spec, fault)), None), fault.text


# Laws and rules: a fault that nothing else finds

# Law or rule -> a fault that is found by it and by nothing else.
ONLY = {
    "approval-is-shown": "approve-ignores",
    "author-in-id": "author-of-another",
    "block-is-shown": "block-lost",
    "change-is-shown": "unfollow-ignored",
    "comments-as-counted": "comments-one-more",
    "comments-distinct": "comment-listed-twice",
    "comments-oldest-first": "comments-turned",
    "count-obeyed": "one-too-many",
    "deleted-comment-is-gone": "deleted-still-listed",
    "distance-is-true": "untrue-distance",
    "embedded-comments": "embedded-turned",
    "embedded-within-counts": "fewer-than-embedded",
    "exact-first": "exact-tag-last",
    "id-holds-owner": "other-owner",
    "id-holds-time": "time-off",
    "incoming-unchanged": "follow-is-mutual",
    "like-is-listed": "like-not-listed",
    "likes-as-counted": "likes-one-more",
    "link-holds-id": "links-of-popular",
    "location-is-asked": "place-elsewhere",
    "locations-near": "far-away",
    "max-hashtags": "hashtags-unchecked",
    "max-length": "length-unchecked",
    "max-urls": "urls-unchecked",
    "media-distinct": "media-twice",
    "media-liked": "not-liked",
    "media-tagged": "untagged",
    "most-used-first": "least-used-first",
    "no-other-like-changed": "like-clears",
    "not-all-capitals": "capitals-unchecked",
    "posting-adds-one": "comment-pushes-out",
    "private-are-asked": "follow-asks",
    "refusal-is-shown": "ignore-approves",
    "same-by-id": "code-shows-less",
    "tag-is-asked": "other-tag",
    "tags-match": "tags-anywhere",
    "unblock-is-shown": "unblock-ignored",
    "users-distinct": "user-twice",
    "within-maxwidth": "too-wide",
}


def without(spec: Spec, name: str, tmp_path: Path) -> Spec:
    """The document without the laws, or the rules, of a name."""
    document = copy.deepcopy(spec.document.data)
    _remove(document, name)
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path)


def _remove(value: object, name: str) -> None:
    if isinstance(value, dict):
        value.get("x-laws", {}).pop(name, None)
        value.get("x-invalid-examples", {}).pop(name, None)
        if "allOf" in value:
            value["allOf"] = [one for one in value["allOf"] if one.get("x-rule") != name]
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _remove(one, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ONLY)
def test_a_fault_is_found_by_one_law_or_rule_alone(name: str, spec: Spec, tmp_path: Path) -> None:
    fault, less = FAULTS[ONLY[name]], without(spec, name, tmp_path)
    with lab_of(spec, fault) as lab:
        assert next(broken(lab, showing(spec, fault)), None)
    with lab_of(less, fault) as lab:
        assert list(broken(lab, showing(less, fault))) == []
