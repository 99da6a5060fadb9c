"""What one operation tells, others tell of the same thing: item by item, and after writes, too."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Any

from wirecheck.conform.ask import READS, Ask
from wirecheck.conform.lab import Lab, UntestableError
from wirecheck.conform.observing import UNDO, Done, hold, hold_law, observed, tells
from wirecheck.conform.promises.paging import holds_total
from wirecheck.conform.seen import Seen
from wirecheck.conform.walks import Pagination
from wirecheck.conform.writing import can_be_undone, done_for_now, undoable
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation, Parameter, Spec

_About = tuple[Law, Any, Ask]  # what a law asks about an item

_ITEMS = 4  # of an answer that are looked at
_LEVELS = 5  # within an item
_FURTHER = 2  # things that are written to, so that nearly all lists show one
_NEXT_DIGIT = str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA")


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    value = spec.document.get(operation.pointer)
    asked = {law["then"] for law in value.get("x-laws", {}).values() if "then" in law}
    if operation.method in READS:
        if asked:
            yield "laws", "agrees with what else is told", partial(_agrees, operation=operation)
        return
    if UNDO not in value:
        return
    if any(_follows(law, asked) for one in spec.operations for law in _written(spec, one)):
        yield "laws", "changes what lists tell, too", partial(_spreads, operation=operation)
    if _identifying(spec, operation):
        yield "laws", "is not undone by what undoes others", partial(_stays, operation=operation)


def _written(spec: Spec, operation: Operation) -> list[dict[str, Any]]:
    laws = spec.document.get(operation.pointer).get("x-laws", {}) if operation.method in READS else {}
    return list(laws.values())


def _follows(law: dict[str, Any], asked: set[str]) -> bool:
    """Whether a law asks, by what an answer has, one of these operations."""
    texts = [law.get("each", ""), *law.get("with", {}).values()]
    return law.get("then") in asked and any("response" in text for text in texts)


# Reads


def _agrees(lab: Lab, operation: Operation) -> None:
    lab.each(lab.asks(operation), partial(_told_alike, lab))


def _told_alike(lab: Lab, ask: Ask) -> None:
    """An answer, and a few of the items that each law is about."""
    seen = lab.accepted(ask)
    told = observed(lab, ask, seen)
    hold(lab, Done(ask, seen, told, told))
    found = [one for one in _questions(lab, seen) if one[0].each]
    for _, group in groupby(found, lambda one: one[0].name):
        for one in _unlike(list(group)):
            _hold_item(lab, seen, *one)


def _unlike(found: Sequence[_About]) -> list[_About]:
    """The first, and those that are most unlike all before, or the last."""
    traits = [_traits(item) for _, item, _ in found]
    chosen, known = [0], traits[0]
    while len(chosen) < _ITEMS:
        _, index = max((len(one - known), index) for index, one in enumerate(traits))
        if index in chosen:
            break
        chosen.append(index)
        known |= traits[index]
    return [found[index] for index in chosen]


def _traits(value: Any, place: tuple[str, ...] = ()) -> frozenset[tuple[tuple[str, ...], Any]]:
    """What is there, what is empty, what is true: by that things of one kind differ."""
    if isinstance(value, dict) and value and len(place) < _LEVELS:
        return frozenset().union(*(_traits(one, (*place, key)) for key, one in value.items()))
    return frozenset({(place, None if value is None else bool(value))})


def _questions(lab: Lab, seen: Seen) -> Iterator[_About]:
    """What laws ask about what an answer has: each with the item, None for the whole."""
    request, response = seen.views
    if request is None or response is None:
        return
    for law in applying(_following(lab, seen.ask.operation), request):
        for item in law.items(request, response):
            arguments = law.arguments(request, response, seen.exchange.source, item)
            yield law, item, lab.question(str(law.then), seen.ask.named() | arguments)


def _following(lab: Lab, operation: Operation) -> list[Law]:
    """The laws that ask about what an answer has."""
    return [law for law in lab.laws.get(operation.name, ()) if law.then and law.follows_answers]


def _hold_item(lab: Lab, seen: Seen, law: Law, item: Any, question: Ask) -> None:
    told = lab.look(question)
    if tells(lab, law, told):
        hold_law(lab, law, seen, told, told, item)


# After writes


@dataclass(frozen=True, slots=True)
class _Page:
    """What a list is asked for by, and by their texts the questions of laws about what it shows."""

    ask: Ask
    questions: Mapping[str, Ask]


def _spreads(lab: Lab, operation: Operation) -> None:
    """What lists tell of a thing agrees with what else is told, while it is changed and afterwards."""
    if lab.read_only:
        raise UntestableError("it writes")
    lab.require_means(operation)
    asked = {law.then for law in lab.laws.get(operation.name, ()) if law.then}
    pages = list(_pages(lab, asked))
    followed = {question.operation.name for page in pages for question in page.questions.values()}
    tested = False
    for ask, lists in _writes(lab, operation, pages, asked):
        asked_about = _about(lab, ask)
        about = {key: one for key, one in asked_about.items() if one.operation.name in followed}
        counted = [] if tested else list(_counted(lab, asked_about.values()))
        before = [lab.look(question).payload for question in about.values()]
        with done_for_now(lab, ask):
            tested = True
            was_done = before == [lab.look(question).payload for question in about.values()]
            _all_agree(lab, lists, about, counted)
        _all_agree(lab, lists, about, counted)
        if was_done and not _identifying(lab.spec, operation):
            lab.accepted(ask)
    if not tested:
        raise UntestableError("it could not be undone: give --values of other things")


def _pages(lab: Lab, asked: Collection[str]) -> Iterator[_Page]:
    """Known lists about whose items laws ask one of these operations."""
    for operation in lab.spec.operations:
        followed = {law.then for law in _following(lab, operation)}
        if operation.method in READS and not followed.isdisjoint(asked):
            with suppress(UntestableError):
                seen = lab.look(lab.base(operation))
                if seen.accepted:
                    found = [question for _, _, question in _questions(lab, seen)]
                    yield _Page(seen.ask, {question.key: question for question in found})


def _writes(
    lab: Lab, operation: Operation, pages: Sequence[_Page], asked: Collection[str]
) -> Iterator[tuple[Ask, list[Ask]]]:
    """A known write, and those to what most other lists show; each with the lists to look at for it."""
    left = list(pages)
    for ask in islice(undoable(lab, operation), 1):
        about = _about(lab, ask)
        shown = [
            page
            for page in left
            if page.ask.operation.name in asked or not about.keys().isdisjoint(page.questions)
        ]
        left = [page for page in left if page not in shown]
        yield ask, [page.ask for page in shown]
    base = lab.base(operation)
    for _ in range(_FURTHER):
        counted = Counter(key for page in left for key in page.questions)
        for key, _ in counted.most_common(1):
            shown = [page for page in left if key in page.questions]
            left = [page for page in left if page not in shown]
            ask, named = base, shown[0].questions[key].named()
            for location, name in base.parameters:
                ask = ask.having(location, name, named.get(name, base.parameters[location, name]))
            if key in _about(lab, ask) and can_be_undone(lab, ask):
                yield ask, [page.ask for page in shown]


def _about(lab: Lab, ask: Ask) -> dict[str, Ask]:
    """What the laws of a write ask, by the text of the question."""
    request = lab.request_view(ask)
    if request is None:
        return {}
    laws = [law for law in lab.laws.get(ask.operation.name, ()) if law.then]
    asked = [
        lab.question(str(law.then), ask.named() | law.arguments(request)) for law in applying(laws, request)
    ]
    return {question.key: question for question in asked}


def _counted(lab: Lab, asked: Iterable[Ask]) -> Iterator[tuple[Ask, Pagination]]:
    """Of what is asked about a write the lists whose items others count, as long as they are at all."""
    for ask in asked:
        pagination = lab.spec.document.get(ask.operation.pointer).get("x-pagination", {})
        if "total" in pagination:
            yield ask.without("query", pagination.get("limit", "")), pagination


def _all_agree(
    lab: Lab, lists: Sequence[Ask], about: Collection[str], counted: Iterable[tuple[Ask, Pagination]]
) -> None:
    """Where lists show a thing now, and how many things."""
    for ask, pagination in counted:
        holds_total(lab, ask, pagination)
    for ask in lists:
        seen = lab.accepted(ask)
        for law, item, question in _questions(lab, seen):
            if question.key in about:
                _hold_item(lab, seen, law, item, question)


# What undoes others


def _identifying(spec: Spec, operation: Operation) -> list[Parameter]:
    """Parameters that say what is to be undone, beside those that the write has, too."""
    way = spec.document.get(operation.pointer)[UNDO]
    [undoing] = [one for one in spec.operations if one.name == way["operation"]]
    return [one for one in undoing.parameters if one.name in way.get("with", {})]


def _stays(lab: Lab, operation: Operation) -> None:
    """What was written stays when others are to be undone, such as nobody has or that are elsewhere."""
    known = next(undoable(lab, operation), None)
    if known is None:
        raise UntestableError("it could not be undone: give --values of other things")
    with done_for_now(lab, known) as (_, undoing):
        before = observed(lab, undoing, anew=True)
        for ask, what in _elsewhere(lab, operation, undoing):
            seen = lab.ask(ask)
            if not Done(undoing, seen, before, observed(lab, undoing)).changed_nothing:
                lab.broken(f"{what}, but it changes what was written", seen)
                raise UntestableError("what was written is no longer there")


def _elsewhere(lab: Lab, operation: Operation, undoing: Ask) -> Iterator[tuple[Ask, str]]:
    """Requests to undo others, each with what is wrong; what may choose more than one is left out."""
    identifying = _identifying(lab.spec, operation)
    for parameter in undoing.operation.parameters:
        if not parameter.required and parameter not in identifying:
            undoing = undoing.without(parameter.location, parameter.name)
    for parameter in undoing.operation.parameters:
        place = parameter.location, parameter.name
        value = undoing.parameters.get(place)
        others = [_of_nobody(value)] if parameter in identifying else []
        if parameter.location == "path" and parameter not in identifying:
            others = [one for one in lab.known(undoing.operation, parameter) if one != value][:1]
        for other in others:
            if parameter.schema is None or lab.takes(parameter.schema, other):
                yield undoing.having(*place, other), f"{parameter.name} is that of another"


def _of_nobody(value: Any) -> Any:
    """An identifier of the same form that nobody has: a number far beyond, or another text."""
    text = str(value)
    if not text.isdecimal():
        return text.translate(_NEXT_DIGIT)
    beyond = int(text) + 10 ** max(len(text) - 1, 6)
    return beyond if isinstance(value, int) else str(beyond)
