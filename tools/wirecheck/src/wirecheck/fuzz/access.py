"""Requests without valid credentials, made of those that have them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wirecheck.conform.encoding import carrying
from wirecheck.curl import placeholder
from wirecheck.fuzz.wire import BROKEN, Step
from wirecheck.spec import Operation


def is_guarded(operation: Operation, credentials: Mapping[str, str]) -> bool:
    """Whether an operation requires credentials, and those that are known suffice."""
    alternatives = carrying(operation)
    return all(alternatives) and any(
        all(scheme.name in credentials for scheme in schemes) for schemes in alternatives
    )


def carries(step: Step, credentials: Mapping[str, str]) -> bool:
    """Whether a step has a valid credential."""
    texts = step.target, step.body.decode("utf-8", "replace"), *(value for _, value in step.headers)
    marks = [*map(placeholder, credentials), *filter(None, credentials.values())]
    return any(mark in text for mark in marks for text in texts)


def without_valid(step: Step, credentials: Mapping[str, str]) -> Iterator[Step]:
    """The step without credentials, and with broken ones."""
    yield _without(step, credentials)
    yield _broken(step, credentials)


def _without(step: Step, credentials: Mapping[str, str]) -> Step:
    marks = [*map(placeholder, credentials)]
    path, _, query = step.target.partition("?")
    pairs = [pair for pair in query.split("&") if pair and not any(mark in pair for mark in marks)]
    headers = []
    for name, value in step.headers:
        parts = value.split(";") if name == "cookie" else [value]
        kept = [part for part in parts if not any(mark in part for mark in marks)]
        if kept:
            headers.append((name, ";".join(kept).strip()))
    return replace(step, target=path + (f"?{'&'.join(pairs)}" if pairs else ""), headers=tuple(headers))


def _broken(step: Step, credentials: Mapping[str, str]) -> Step:
    for name in credentials:
        mark, broken = placeholder(name), placeholder(BROKEN + name)
        step = replace(
            step,
            target=step.target.replace(mark, broken),
            headers=tuple((header, value.replace(mark, broken)) for header, value in step.headers),
        )
    return step
