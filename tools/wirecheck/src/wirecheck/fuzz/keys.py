"""Keys of what steps create: placeholders, so that steps work on a server that gives other keys."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from wirecheck.curl import placeholder
from wirecheck.fuzz.wire import Step
from wirecheck.resources import Resource, places, referred
from wirecheck.spec import PathMatch, Spec
from wirecheck.words import without_ending

_STEP = re.compile(r"wirecheck~step-(\d+)~")

Reference = tuple[str, str]
"""A thing, by the collection of its resource and its key."""


def key_of_step(index: int) -> str:
    """What stands for the key of the thing that a step creates, counted from 0."""
    return placeholder(f"step-{index}")


def steps_used(step: Step) -> set[int]:
    """The steps whose things a step refers to."""
    texts = step.target, step.body.decode("utf-8", "replace"), *(value for _, value in step.headers)
    return {int(index) for text in texts for index in _STEP.findall(text)}


def renumbered(step: Step, numbers: Mapping[int, int]) -> Step:
    """The step when the steps that it refers to have other numbers."""

    def number(match: re.Match[str]) -> str:
        return key_of_step(numbers[int(match[1])])

    return replace(
        step,
        target=_STEP.sub(number, step.target),
        headers=tuple((name, _STEP.sub(number, value)) for name, value in step.headers),
        body=_STEP.sub(number, step.body.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        ),
    )


def filled(step: Step, keys: Mapping[int, Any]) -> Step | None:
    """The step with the keys that earlier steps gave; None where one is missing."""
    if not (used := steps_used(step)) <= keys.keys():
        return None
    for index in used:
        mark, key = key_of_step(index), keys[index]
        body = step.body.replace(json.dumps(mark).encode(), json.dumps(key).encode())
        step = replace(
            step,
            target=step.target.replace(mark, quote(str(key), safe="")),
            headers=tuple((name, value.replace(mark, str(key))) for name, value in step.headers),
            body=body.replace(mark.encode(), str(key).encode()),
        )
    return step


class Links:
    """Links steps to those that create what they refer to."""

    def __init__(self, spec: Spec, derived: Mapping[str, Resource]) -> None:
        self._spec, self._derived = spec, derived
        self._created: dict[Reference, Step] = {}

    def note(self, reference: Reference, step: Step) -> None:
        """Remembers which step created a thing."""
        self._created[reference] = step

    def creators(self, references: Iterable[Reference]) -> list[Step]:
        """The steps that created things, as far as they are known."""
        return [self._created[reference] for reference in references if reference in self._created]

    def linked(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """The steps, after those that create what they refer to, with placeholders for keys."""
        linked: list[Step] = []
        indices: dict[Reference, int] = {}
        creators = {id(step): reference for reference, step in self._created.items()}

        def add(step: Step, pending: frozenset[Reference]) -> None:
            own = creators.get(id(step))
            numbers = {}
            for index in steps_used(step):  # of a step that has placeholders already
                numbers[index] = indices.get(("", str(index)), index)
            step = renumbered(step, numbers)
            for reference in self._references(step):
                creator = self._created.get(reference)
                if reference == own or creator is None or reference in pending:
                    continue
                if reference not in indices:
                    add(creator, pending | {reference})
                if reference in indices:
                    step = self._with_placeholder(step, reference, indices[reference])
            if own is not None:
                indices.setdefault(own, len(linked))
            linked.append(step)

        for index, step in enumerate(steps):
            own = creators.get(id(step))
            if own is None or own not in indices:
                add(step, frozenset())
            indices["", str(index)] = indices[own] if own is not None else len(linked) - 1
        return tuple(linked)

    def _references(self, step: Step) -> Iterator[Reference]:
        """The things that the path and the body of a step name."""
        for resource, key in self._in_path(step):
            yield resource.collection, key
        for resource, _, value in self._in_body(step):
            yield resource.collection, str(value)

    def _in_path(self, step: Step) -> Iterator[tuple[Resource, str]]:
        match = self._match(step)
        if match is None:
            return
        named = places(match.template)
        for resource in self._derived.values():
            if resource.is_upsert and resource.create == match.operation:
                continue  # the step creates it itself
            if resource.place in named and named[resource.place] in match.values:
                yield resource, unquote(match.values[named[resource.place]])

    def _in_body(self, step: Step) -> Iterator[tuple[Resource, str, Any]]:
        for name, value in members_of(step).items():
            if isinstance(value, str | int) and not isinstance(value, bool):
                for resource in referred(name, self._derived):
                    yield resource, name, value

    def _match(self, step: Step) -> PathMatch | None:
        return self._spec.match(step.method.upper(), step.target.partition("?")[0])

    def _with_placeholder(self, step: Step, reference: Reference, index: int) -> Step:
        mark, (collection, key) = key_of_step(index), reference
        path, query, rest = step.target.partition("?")
        if any(resource.collection == collection for resource, _ in self._in_path(step)):
            segments = [marked(segment, key, mark) for segment in path.split("/")]
            step = replace(step, target="/".join(segments) + query + rest)
        names = [
            name
            for resource, name, value in self._in_body(step)
            if (resource.collection, str(value)) == reference
        ]
        if names:
            body = members_of(step) | dict.fromkeys(names, mark)
            step = replace(step, body=json.dumps(body).encode())
        return step


def marked(segment: str, key: str, mark: str) -> str:
    """A segment of a path with a mark in place of a key, which may stand before what names a format."""
    name = segment if unquote(segment) == key else without_ending(segment)
    return mark + segment[len(name) :] if unquote(name) == key else segment


def members_of(step: Step) -> dict[str, Any]:
    """The members of the JSON object in the body of a step; none where there is none."""
    if not step.body or "json" not in dict(step.headers).get("content-type", ""):
        return {}
    try:
        body = json.loads(step.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
