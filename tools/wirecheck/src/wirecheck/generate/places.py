"""The resource that an operation belongs to, as its tag and its path say."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wirecheck.generate.paths import Route, Segment
from wirecheck.generate.phrases import (
    ACTIONS,
    ADVERBS,
    ALSO_NOUNS,
    AMBIGUOUS,
    CRUD,
    PREPOSITIONS,
    Phrase,
    mentions,
)
from wirecheck.generate.words import Words, is_plural, stems, words

_SEPARATOR = re.compile(r"\s[»>|/-]\s|»|::|/")
_PARENTHESES = re.compile(r"\([^()]*\)")
_VERSION = re.compile(r"(?:api|v)\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """A resource as a path of names, outermost first; none for the client itself.

    ``modifiers`` are words of the path that belong into the name of the method: after its verb, or, with
    ``is_action``, as the name. ``is_named`` is whether the operationId has to say what the method does.
    """

    resource: tuple[Words, ...] = ()
    modifiers: Words = ()
    is_action: bool = False
    is_named: bool = False


def tag_path(tags: Any) -> tuple[Words, ...]:
    """The names in the first tag: ``Users`` is one, ``Admin / Users`` are two."""
    tag = next((tag for tag in tags if isinstance(tag, str)), "") if isinstance(tags, list) else ""
    tag = _PARENTHESES.sub(" ", tag) if _PARENTHESES.sub(" ", tag).strip() else tag
    names = (_plain(words(part)) for part in _SEPARATOR.split(tag))
    return tuple(name for name in names if name)


def _plain(name: Words) -> Words:
    """A tag without a version and what stands before it, and without ``API`` or the like at the end."""
    versions = [index for index, word in enumerate(name) if _VERSION.fullmatch(word)]
    name = name[versions[-1] + 1 :] or name if versions else name
    return name[:-1] if len(name) > 1 and name[-1] in {"api", "controller", "service"} else name


def collections(routes: Iterable[Route]) -> frozenset[tuple[Words, ...]]:
    """The beginnings of paths that lead to collections: with items in them and two operations at least."""
    counts: Counter[tuple[Words, ...]] = Counter()
    listed, with_items = set[tuple[Words, ...]](), set[tuple[Words, ...]]()
    for route in routes:
        names = tuple(segment.words for segment in route.segments)
        counts.update(names[: index + 1] for index in range(len(names)))
        with_items |= {names[: index + 1] for index, each in enumerate(route.segments) if each.has_item}
        listed |= set() if route.is_item else {names}
    return frozenset(
        name for name in with_items if counts[name] > 1 and (name in listed or is_plural(name[-1]))
    )


def place(
    tag: tuple[Words, ...], route: Route, phrase: Phrase, method: str, known: Collection[tuple[Words, ...]]
) -> Place:
    """The place of an operation. ``known`` are the collections of operations without tags."""
    names = tuple(segment.words for segment in route.segments)
    if not tag:
        depth = next((end for end in range(1, len(names) + 1) if names[:end] in known), None)
        if depth is None:
            return Place(is_named=True)
        return _below((), route.segments, depth, route, phrase, method)
    match = _match(tag[-1], route.segments)
    if match:
        start, end, named = match
        parents = [segment.words for segment in route.segments[:start] if segment.has_item]
        outer = (*tag[:-1], *parents)
        run = [
            Segment(name, segment.has_item)
            for name, segment in zip(named, route.segments[start:end], strict=True)
        ]
        return _below(outer, [*run, *route.segments[end:]], end - start, route, phrase, method)
    if not phrase.is_path:
        return Place(tag, is_named=True)
    if len(names) == 1 and not route.is_item:
        return _below(tag, route.segments, 0, route, phrase, method)
    return _below(tag[:-1], route.segments, 1, route, phrase, method)


def _match(tag: Words, segments: Sequence[Segment]) -> tuple[int, int, list[Words]] | None:
    """The first segments that a tag names, from index to index, and what they are called."""
    sought = stems(tag)
    for start in range(len(segments)):
        for end in range(start + 1, len(segments) + 1):
            run = [segment.words for segment in segments[start:end]]
            if stems(word for name in run for word in name) == sought:
                return start, end, run if len(run) > 1 or is_plural(run[0]) else [tag]
    for index, segment in enumerate(segments):
        found = stems(segment.words)
        if found[-len(sought) :] == sought:
            return index, index + 1, [tag]
        if sought[-len(found) :] == found and (segment.has_item or is_plural(segment.words)):
            return index, index + 1, [segment.words]
    return None


def _below(
    outer: tuple[Words, ...],
    segments: Sequence[Segment],
    fixed: int,
    route: Route,
    phrase: Phrase,
    method: str,
) -> Place:
    """The place of segments of which the last ones may belong to the method; ``fixed`` ones do not."""
    chain = list(segments)
    if route.action:
        return Place(_resource(outer, chain), route.action, is_action=True)
    if len(chain) > fixed and _is_action(chain[-1], phrase, method):
        return _action(outer, chain, phrase, method)
    modifiers: Words = ()
    while len(chain) > max(fixed, 1) and not chain[-1].has_item and _is_modifier(chain, phrase):
        modifiers = (*chain.pop().words, *modifiers)
    preposition = next((i for i in range(fixed, len(chain)) if chain[i].words[0] in PREPOSITIONS), None)
    if preposition:
        modifiers = (*(word for each in chain[preposition:] for word in each.words), *modifiers)
        del chain[preposition:]
    return Place(_resource(outer, chain), modifiers)


def _action(outer: tuple[Words, ...], chain: list[Segment], phrase: Phrase, method: str) -> Place:
    action = chain.pop().words
    canonical = phrase.canonical(method)
    if set(action) <= ADVERBS:
        verb = (canonical,) if canonical else phrase.verb[-1:]
        return Place(_resource(outer, chain), (*action, *verb), is_action=True)
    is_other = phrase.verb and canonical is None and phrase.verb[0] != action[0]
    return Place(_resource(outer, chain), phrase.verb if is_other else action, is_action=True)


def _is_action(segment: Segment, phrase: Phrase, method: str) -> bool:
    """Whether a segment is what is done, and not a thing."""
    name, verb = segment.words, phrase.verb
    if segment.has_item:  # /senders/resend/{id}
        return len(name) == 1 and name[0] in (ACTIONS if method == "POST" else frozenset()) | CRUD
    if stems(name[:1]) == stems(verb[-1:]) or name[: len(verb)] == verb != () or set(name) <= ADVERBS:
        return True
    if len(name) > 1:
        return method == "POST" and _is_command(name)
    return name[0] in ACTIONS | CRUD or (name[0] in AMBIGUOUS and method == "POST" and phrase.is_path)


def _is_command(name: Words) -> bool:
    """Whether several words are a verb and what it is about."""
    return name[0] in ADVERBS | ACTIONS | CRUD and (name[0] not in ALSO_NOUNS or not is_plural(name))


def _is_modifier(chain: Sequence[Segment], phrase: Phrase) -> bool:
    """Whether the operationId has the last segment before the one above it: ``list_private_threads``."""
    last, above = chain[-1].words, chain[-2].words
    position = mentions(phrase.subject, last)
    return position is not None and mentions(phrase.subject[position:], above[-1:]) is not None


def _resource(outer: tuple[Words, ...], chain: Sequence[Segment]) -> tuple[Words, ...]:
    """The names of a chain, each without the beginning that repeats the one above it."""
    names = [*outer]
    for segment in chain:
        name = segment.words
        above = stems(names[-1]) if names else ()
        if above and len(name) > len(above) and stems(name[: len(above)]) == above:
            name = name[len(above) :]
        names.append(name)
    return tuple(names)
