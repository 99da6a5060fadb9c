"""What one operation tells, others tell of the same thing: item by item, and after writes, too."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Any

from wirecheck.conform.case import READS, Case
from wirecheck.conform.observation import Observation
from wirecheck.conform.observing import UNDO, Done, hold, hold_law, observed, tells
from wirecheck.conform.requirements.paging import holds_total
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.conform.walks import Pagination
from wirecheck.conform.writing import can_be_undone, done_for_now, undoable
from wirecheck.laws import Law, applying, written_laws
from wirecheck.spec import Operation, Parameter, Spec

_About = tuple[Law, Any, Case]  # what a law asks about an item

_ITEMS = 4  # of an answer that are looked at
_LEVELS = 5  # within an item
_FURTHER = 2  # things that are written to, so that nearly all lists show one
_NEXT_DIGIT = str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA")


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    value = spec.document.get(operation.pointer)
    asked = {law["then"] for law in written_laws(spec, operation).values() if "then" in law}
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
    return list(written_laws(spec, operation).values()) if operation.method in READS else []


def _follows(law: dict[str, Any], asked: set[str]) -> bool:
    """Whether a law asks, by what an answer has, one of these operations."""
    texts = [law.get("each", ""), *law.get("with", {}).values()]
    return law.get("then") in asked and any("response" in text for text in texts)


# Reads


def _agrees(session: Session, operation: Operation) -> None:
    session.each(session.cases(operation), partial(_told_alike, session))


def _told_alike(session: Session, case: Case) -> None:
    """An answer, and a few of the items that each law is about."""
    observation = session.accepted(case)
    told = observed(session, case, observation)
    hold(session, Done(case, observation, told, told))
    found = [one for one in _questions(session, observation) if one[0].each]
    for _, group in groupby(found, lambda one: one[0].name):
        for one in _unlike(list(group)):
            _hold_item(session, observation, *one)


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


def _questions(session: Session, observation: Observation) -> Iterator[_About]:
    """What laws ask about what an answer has: each with the item, None for the whole."""
    request, response = observation.views
    if request is None or response is None:
        return
    for law in applying(_following(session, observation.case.operation), request):
        for item in law.items(request, response):
            arguments = law.arguments(request, response, observation.exchange.source, item)
            yield law, item, session.question(str(law.then), observation.case.named() | arguments)


def _following(session: Session, operation: Operation) -> list[Law]:
    """The laws that ask about what an answer has."""
    return [law for law in session.laws.get(operation.name, ()) if law.then and law.depends_on_response]


def _hold_item(session: Session, observation: Observation, law: Law, item: Any, question: Case) -> None:
    told = session.look(question)
    if tells(session, law, told):
        hold_law(session, law, observation, told, told, item)


# After writes


@dataclass(frozen=True, slots=True)
class _Page:
    """What a list is asked for by, and by their texts the questions of laws about what it shows."""

    case: Case
    questions: Mapping[str, Case]


def _spreads(session: Session, operation: Operation) -> None:
    """What lists tell of a thing agrees with what else is told, while it is changed and afterwards."""
    if session.read_only:
        raise InconclusiveError("it writes")
    session.require_means(operation)
    asked = {law.then for law in session.laws.get(operation.name, ()) if law.then}
    pages = list(_pages(session, asked))
    followed = {question.operation.name for page in pages for question in page.questions.values()}
    tested = False
    for case, lists in _writes(session, operation, pages, asked):
        asked_about = _about(session, case)
        about = {key: one for key, one in asked_about.items() if one.operation.name in followed}
        counted = [] if tested else list(_counted(session, asked_about.values()))
        before = [session.look(question).payload for question in about.values()]
        with done_for_now(session, case):
            tested = True
            was_done = before == [session.look(question).payload for question in about.values()]
            _all_agree(session, lists, about, counted)
        _all_agree(session, lists, about, counted)
        if was_done and not _identifying(session.spec, operation):
            session.accepted(case)
    if not tested:
        raise InconclusiveError("it could not be undone: give --values of other things")


def _pages(session: Session, asked: Collection[str]) -> Iterator[_Page]:
    """Known lists about whose items laws ask one of these operations."""
    for operation in session.spec.operations:
        followed = {law.then for law in _following(session, operation)}
        if operation.method in READS and not followed.isdisjoint(asked):
            with suppress(InconclusiveError):
                observation = session.look(session.base(operation))
                if observation.accepted:
                    found = [question for _, _, question in _questions(session, observation)]
                    yield _Page(observation.case, {question.key: question for question in found})


def _writes(
    session: Session, operation: Operation, pages: Sequence[_Page], asked: Collection[str]
) -> Iterator[tuple[Case, list[Case]]]:
    """A known write, and those to what most other lists show; each with the lists to look at for it."""
    left = list(pages)
    for case in islice(undoable(session, operation), 1):
        about = _about(session, case)
        shown = [
            page
            for page in left
            if page.case.operation.name in asked or not about.keys().isdisjoint(page.questions)
        ]
        left = [page for page in left if page not in shown]
        yield case, [page.case for page in shown]
    base = session.base(operation)
    for _ in range(_FURTHER):
        counted = Counter(key for page in left for key in page.questions)
        for key, _ in counted.most_common(1):
            shown = [page for page in left if key in page.questions]
            left = [page for page in left if page not in shown]
            case, named = base, shown[0].questions[key].named()
            for location, name in base.parameters:
                case = case.having(location, name, named.get(name, base.parameters[location, name]))
            if key in _about(session, case) and can_be_undone(session, case):
                yield case, [page.case for page in shown]


def _about(session: Session, case: Case) -> dict[str, Case]:
    """What the laws of a write ask, by the text of the question."""
    request = session.request_view(case)
    if request is None:
        return {}
    laws = [law for law in session.laws.get(case.operation.name, ()) if law.then]
    asked = [
        session.question(str(law.then), case.named() | law.arguments(request))
        for law in applying(laws, request)
    ]
    return {question.key: question for question in asked}


def _counted(session: Session, asked: Iterable[Case]) -> Iterator[tuple[Case, Pagination]]:
    """Of what is asked about a write the lists whose items others count, as long as they are at all."""
    for case in asked:
        pagination = session.spec.document.get(case.operation.pointer).get("x-pagination", {})
        if "total" in pagination:
            yield case.without("query", pagination.get("limit", "")), pagination


def _all_agree(
    session: Session,
    lists: Sequence[Case],
    about: Collection[str],
    counted: Iterable[tuple[Case, Pagination]],
) -> None:
    """Where lists show a thing now, and how many things."""
    for case, pagination in counted:
        holds_total(session, case, pagination)
    for case in lists:
        observation = session.accepted(case)
        for law, item, question in _questions(session, observation):
            if question.key in about:
                _hold_item(session, observation, law, item, question)


# What undoes others


def _identifying(spec: Spec, operation: Operation) -> list[Parameter]:
    """Parameters that say what is to be undone, beside those that the write has, too."""
    way = spec.document.get(operation.pointer)[UNDO]
    [undoing] = [one for one in spec.operations if one.name == way["operation"]]
    return [one for one in undoing.parameters if one.name in way.get("with", {})]


def _stays(session: Session, operation: Operation) -> None:
    """What was written stays when others are to be undone, such as nobody has or that are elsewhere."""
    known = next(undoable(session, operation), None)
    if known is None:
        raise InconclusiveError("it could not be undone: give --values of other things")
    with done_for_now(session, known) as (_, undoing):
        before = observed(session, undoing, anew=True)
        for case, what in _elsewhere(session, operation, undoing):
            observation = session.send(case)
            if not Done(undoing, observation, before, observed(session, undoing)).changed_nothing:
                session.broken(f"{what}, but it changes what was written", observation)
                raise InconclusiveError("what was written is no longer there")


def _elsewhere(session: Session, operation: Operation, undoing: Case) -> Iterator[tuple[Case, str]]:
    """Requests to undo others, each with what is wrong; what may choose more than one is left out."""
    identifying = _identifying(session.spec, operation)
    for parameter in undoing.operation.parameters:
        if not parameter.required and parameter not in identifying:
            undoing = undoing.without(parameter.location, parameter.name)
    for parameter in undoing.operation.parameters:
        place = parameter.location, parameter.name
        value = undoing.parameters.get(place)
        others = [_of_nobody(value)] if parameter in identifying else []
        if parameter.location == "path" and parameter not in identifying:
            others = [one for one in session.known(undoing.operation, parameter) if one != value][:1]
        for other in others:
            if parameter.schema is None or session.takes(parameter.schema, other):
                yield undoing.having(*place, other), f"{parameter.name} is that of another"


def _of_nobody(value: Any) -> Any:
    """An identifier of the same form that nobody has: a number far beyond, or another text."""
    text = str(value)
    if not text.isdecimal():
        return text.translate(_NEXT_DIGIT)
    beyond = int(text) + 10 ** max(len(text) - 1, 6)
    return beyond if isinstance(value, int) else str(beyond)
