"""The fewest and plainest steps that still fail in the same way."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from wirecheck.fuzz.keys import renumbered, steps_used
from wirecheck.fuzz.wire import Step

Steps = tuple[Step, ...]


def shrunk(steps: Steps, fails: Callable[[Steps], bool], tries: int = 200) -> Steps:
    """The steps when nothing more can be left out, or after ``tries`` attempts."""
    progress, tried = True, {steps}
    while progress:
        progress = False
        for fewer in _smaller(steps):
            if fewer in tried:
                continue
            if len(tried) > tries:
                return steps
            tried.add(fewer)
            if fails(fewer):
                steps, progress = fewer, True
                break
    return steps


def _smaller(steps: Steps) -> Iterator[Steps]:
    """Smaller steps, big cuts first: halves of the steps, single ones, then parts of each request."""
    half = len(steps) // 2
    for left_out in [range(half), range(half, len(steps))] if half > 1 else []:
        yield _without(steps, left_out)
    if len(steps) > 1:
        for index in reversed(range(len(steps))):
            yield _without(steps, [index])
    for index, step in enumerate(steps):
        for plainer in _plainer(step):
            yield (*steps[:index], plainer, *steps[index + 1 :])


def _without(steps: Steps, left_out: Sequence[int]) -> Steps:
    """The steps without some, and without those that undo them or refer to what they create."""
    gone = set(left_out)
    for index, step in enumerate(steps):
        if step.undoes in gone or not gone.isdisjoint(steps_used(step)):
            gone.add(index)
    kept = [index for index in range(len(steps)) if index not in gone]
    places = {old: new for new, old in enumerate(kept)}
    return tuple(
        renumbered(steps[old], places)
        if (undone := steps[old].undoes) is None
        else replace(steps[old], undoes=places[undone])
        for old in kept
    )


def _plainer(step: Step) -> Iterator[Step]:
    path, _, query = step.target.partition("?")
    for pairs in _fewer(parse_qsl(query, keep_blank_values=True)):
        yield replace(step, target=path + (f"?{_form(pairs)}" if pairs else ""))
    for index in range(len(step.headers)):
        yield replace(step, headers=(*step.headers[:index], *step.headers[index + 1 :]))
    kind = dict(step.headers).get("content-type", "")
    if step.body and "json" in kind:
        yield from (replace(step, body=json.dumps(value).encode()) for value in _json(step.body))
    elif step.body and "urlencoded" in kind:
        pairs = parse_qsl(step.body.decode("utf-8", "replace"), keep_blank_values=True)
        yield from (replace(step, body=_form(fewer).encode()) for fewer in _fewer(pairs))


def _form(pairs: list[tuple[str, str]]) -> str:
    return urlencode([(name, value.encode("utf-8", "replace")) for name, value in pairs], safe="~")


def _fewer(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    for index, (name, value) in enumerate(pairs):
        yield pairs[:index] + pairs[index + 1 :]
        for text in _shorter(value):
            yield [*pairs[:index], (name, text), *pairs[index + 1 :]]


def _json(body: bytes) -> Iterator[Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: member for name, member in value.items() if name != key}
            if isinstance(inner, str):
                yield from ({**value, key: text} for text in _shorter(inner))


def _shorter(text: str) -> Iterator[str]:
    """Halves, one character less at either end, and plain letters in place of others."""
    if "~" in text:  # a placeholder
        return
    if len(text) > 1:
        yield text[: len(text) // 2]
        yield text[len(text) // 2 :]
        yield text[1:]
        yield text[:-1]
    plain = "".join(sign if sign.isascii() and sign.isprintable() else "a" for sign in text)
    if plain != text:
        yield plain
