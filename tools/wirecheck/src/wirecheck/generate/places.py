"""The resource that an operation belongs to, as its tag and its path say."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, compress
from typing import Any

from wirecheck.generate.paths import PathRoute, Segment
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
from wirecheck.words import Words, is_plural, stems, words

_SEPARATOR = re.compile(r"\s[»>|/-]\s|»|::|/")
_PARENTHESES = re.compile(r"\([^()]*\)")
_VERSION = re.compile(r"(?:api|v)\d+")


@dataclass(frozen=True, slots=True)
class ResourcePlace:
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


def collections(routes: Iterable[PathRoute]) -> frozenset[tuple[Words, ...]]:
    """The beginnings of paths that lead to collections: with items in them and two operations at least."""
    counts: Counter[tuple[Words, ...]] = Counter()
    listed, with_items = set[tuple[Words, ...]](), set[tuple[Words, ...]]()
    for route in routes:
        beginnings = [route.names[: index + 1] for index in range(len(route.names))]
        counts.update(beginnings)
        with_items.update(compress(beginnings, (segment.has_item for segment in route.segments)))
        if not route.is_item:
            listed.add(route.names)
    is_collection = (name for name in with_items if name in listed or is_plural(name[-1]))
    return frozenset(name for name in is_collection if counts[name] > 1)


def place(
    tag: tuple[Words, ...],
    route: PathRoute,
    phrase: Phrase,
    method: str,
    known: Collection[tuple[Words, ...]],
) -> ResourcePlace:
    """The place of an operation. ``known`` are the collections of operations without tags."""
    if not tag:
        return _untagged(route, phrase, method, known)
    if match := _match(tag[-1], route.segments):
        start, end, named = match
        parents = (segment.words for segment in route.segments[:start] if segment.has_item)
        below = route.renamed(start, end, named)
        return _below((*tag[:-1], *parents), below, end - start, phrase, method)
    if not phrase.is_path:
        return ResourcePlace(tag, is_named=True)
    if len(route.segments) < 2 and not route.is_item:
        return _below(tag, route, 0, phrase, method)
    return _below(tag[:-1], route, 1, phrase, method)


def _untagged(
    route: PathRoute, phrase: Phrase, method: str, known: Collection[tuple[Words, ...]]
) -> ResourcePlace:
    ends = (end for end in range(1, len(route.names) + 1) if route.names[:end] in known)
    depth = next(ends, None)
    return ResourcePlace(is_named=True) if depth is None else _below((), route, depth, phrase, method)


def _match(tag: Words, segments: Sequence[Segment]) -> tuple[int, int, list[Words]] | None:
    """The first segments that a tag names, from index to index, and what they are called."""
    for start, end in combinations(range(len(segments) + 1), 2):
        run = [segment.words for segment in segments[start:end]]
        if stems(chain.from_iterable(run)) == stems(tag):
            return start, end, run if len(run) > 1 or is_plural(run[0]) else [tag]
    named = ((index, _common(tag, segment)) for index, segment in enumerate(segments))
    return next(((index, index + 1, [name]) for index, name in named if name), None)


def _common(tag: Words, segment: Segment) -> Words:
    """The shorter name where one of them, tag or segment, is the end of the other; nothing elsewhere."""
    sought, found = stems(tag), stems(segment.words)
    if found[-len(sought) :] == sought:
        return tag
    is_end = sought[-len(found) :] == found and (segment.has_item or is_plural(segment.words))
    return segment.words if is_end else ()


def _below(
    outer: tuple[Words, ...], route: PathRoute, fixed: int, phrase: Phrase, method: str
) -> ResourcePlace:
    """The place of a route of which the last segments may belong to the method; ``fixed`` ones do not."""
    names = list(route.segments)
    if route.action:
        return ResourcePlace(_resource(outer, names), route.action, is_action=True)
    if len(names) > fixed and _is_action(names[-1], phrase, method):
        return _action(outer, names, phrase, method)
    modifiers = _modifiers(names, max(fixed, 1), phrase)
    return ResourcePlace(_resource(outer, names), modifiers)


def _modifiers(names: list[Segment], fixed: int, phrase: Phrase) -> Words:
    """The words at the end of a names that belong to the method; they are taken away from it."""
    modifiers: Words = ()
    while len(names) > fixed and not names[-1].has_item and _is_modifier(names, phrase):
        modifiers = (*names.pop().words, *modifiers)
    start = next((i for i in range(fixed, len(names)) if names[i].words[0] in PREPOSITIONS), len(names))
    modifiers = (*(word for segment in names[start:] for word in segment.words), *modifiers)
    del names[start:]
    return modifiers


def _action(outer: tuple[Words, ...], names: list[Segment], phrase: Phrase, method: str) -> ResourcePlace:
    action = names.pop().words
    canonical = phrase.canonical(method)
    if set(action) <= ADVERBS:
        verb = (canonical,) if canonical else phrase.verb[-1:]
        return ResourcePlace(_resource(outer, names), (*action, *verb), is_action=True)
    is_other = phrase.verb and canonical is None and phrase.verb[0] != action[0]
    return ResourcePlace(_resource(outer, names), phrase.verb if is_other else action, is_action=True)


def _is_action(segment: Segment, phrase: Phrase, method: str) -> bool:
    """Whether a segment is what is done, and not a thing."""
    name = segment.words
    is_post = method == "POST"
    if segment.has_item:  # /senders/resend/{id}
        return len(name) == 1 and name[0] in (CRUD | ACTIONS if is_post else CRUD)
    if _is_verb(name, phrase.verb) or set(name) <= ADVERBS:
        return True
    if len(name) > 1:
        return is_post and _is_command(name)
    return name[0] in (ACTIONS | CRUD | AMBIGUOUS if is_post and phrase.is_path else ACTIONS | CRUD)


def _is_verb(name: Words, verb: Words) -> bool:
    """Whether a name begins with the verb of the operationId, or with what it takes back: star, unstar."""
    if not verb:
        return False
    return name[: len(verb)] == verb or stems(name[:1]) == stems(verb[-1:]) or verb == (f"un{name[0]}",)


def _is_command(name: Words) -> bool:
    """Whether several words are a verb and what it is about."""
    return name[0] in ADVERBS | ACTIONS | CRUD and (name[0] not in ALSO_NOUNS or not is_plural(name))


def _is_modifier(names: Sequence[Segment], phrase: Phrase) -> bool:
    """Whether the operationId has the last segment before the one above it: ``list_private_threads``."""
    last, above = names[-1].words, names[-2].words
    position = mentions(phrase.subject, last)
    return position is not None and mentions(phrase.subject[position:], above[-1:]) is not None


def _resource(outer: tuple[Words, ...], names: Sequence[Segment]) -> tuple[Words, ...]:
    """The names of a names, each without the beginning that repeats the one above it."""
    found = [*outer]
    for segment in names:
        name = segment.words
        above = stems(found[-1]) if found else ()
        if above and len(name) > len(above) and stems(name[: len(above)]) == above:
            name = name[len(above) :]
        found.append(name)
    return tuple(found)
