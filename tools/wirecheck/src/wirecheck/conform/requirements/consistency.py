"""Consistency of responses: operations agree about the same resource, after writes, too."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby, islice
from typing import Any

from wirecheck.conform.case import NOT_UNDOABLE, READS, Case, InconclusiveError
from wirecheck.conform.effects import UNDO, Write, check_law, check_laws, is_conclusive, observe
from wirecheck.conform.observation import Observation
from wirecheck.conform.pagination import Pagination
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.paging import check_total
from wirecheck.conform.writes import can_be_undone, require_writable, undoable, written
from wirecheck.laws import Law, applying, written_laws
from wirecheck.spec import Operation, Parameter, Spec

_ItemRead = tuple[Law, Any, Case]
"""A law, the item of a response that it is about, and the case that it reads."""

_ITEMS = 4  # of a response that are checked by each law
_LEVELS = 5  # of an item that are compared to choose them
_LONGEST_NUMBER = 1000  # digits of an identifier that is read as a number
_FURTHER = 2  # resources that are written to after the first one, so that nearly all lists show one
_NEXT_DIGIT = str.maketrans("0123456789abcdefABCDEF", "1234567890bcdefaBCDEFA")


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    definition = spec.document.get(operation.pointer)
    reads = {law["then"] for law in written_laws(spec, operation).values() if "then" in law}
    if operation.method in READS:
        if reads:
            yield "laws", "is consistent with other responses", partial(_is_consistent, operation=operation)
        return
    if UNDO not in definition:
        return
    if any(_follows(law, reads) for other in spec.operations for law in _laws_of_read(spec, other)):
        yield "laws", "is reflected in lists", partial(_is_reflected, operation=operation)
    if _identifying(spec, operation):
        yield "laws", "is not undone by undoing another resource", partial(_persists, operation=operation)


def _laws_of_read(spec: Spec, operation: Operation) -> list[dict[str, Any]]:
    return list(written_laws(spec, operation).values()) if operation.method in READS else []


def _follows(law: dict[str, Any], reads: set[str]) -> bool:
    """Whether a law reads one of these operations with values of the response."""
    texts = [law.get("each", ""), *law.get("with", {}).values()]
    return law.get("then") in reads and any("response" in text for text in texts)


# Reads


def _is_consistent(session: Tester, operation: Operation) -> None:
    session.test_each(session.requests.cases(operation), partial(_check_response, session))


def _check_response(session: Tester, case: Case) -> None:
    """Checks the laws of a response, those about items with a few items each."""
    observation = session.require_success(case)
    state = observe(session, case, observation)
    check_laws(session, Write(case, observation, state, state))
    reads = [read for read in _item_reads(session, observation) if read[0].each]
    for _, group in groupby(reads, lambda read: read[0].name):
        for law, item, read in _most_diverse(list(group)):
            _check_item(session, observation, law, item, read)


def _most_diverse(reads: Sequence[_ItemRead]) -> list[_ItemRead]:
    """The first, and those whose items differ most from all before; of equally different ones the last."""
    traits = [_traits(item) for _, item, _ in reads]
    chosen, covered = [0], traits[0]
    while len(chosen) < _ITEMS:
        _, index = max((len(own - covered), index) for index, own in enumerate(traits))
        if index in chosen:
            break
        chosen.append(index)
        covered |= traits[index]
    return [reads[index] for index in chosen]


def _traits(value: Any, path: tuple[str, ...] = ()) -> frozenset[tuple[tuple[str, ...], Any]]:
    """Which members are present, empty or true: things of one kind differ by that."""
    if isinstance(value, dict) and value and len(path) < _LEVELS:
        return frozenset().union(*(_traits(member, (*path, key)) for key, member in value.items()))
    return frozenset({(path, None if value is None else bool(value))})


def _item_reads(session: Tester, observation: Observation) -> Iterator[_ItemRead]:
    """The reads of laws with values of a response: each with the item, None for the whole response."""
    request, response = observation.views
    if request is None or response is None:
        return
    for law in applying(_laws_with_response(session, observation.case.operation), request):
        for item in law.items(request, response):
            arguments = law.arguments(request, response, observation.exchange.source, item)
            yield law, item, session.requests.case_for(str(law.then), observation.case.named() | arguments)


def _laws_with_response(session: Tester, operation: Operation) -> list[Law]:
    """The laws that read another operation with values of the response."""
    return [law for law in session.laws.get(operation.name, ()) if law.then and law.depends_on_response]


def _check_item(session: Tester, observation: Observation, law: Law, item: Any, read: Case) -> None:
    state = session.read_state(read)
    if is_conclusive(law, state):
        check_law(session, law, observation, state, state, item)


# After writes


@dataclass(frozen=True, slots=True)
class _Page:
    """A case for a list, and what laws read about its items, by the key of the read."""

    case: Case
    reads: Mapping[str, Case]


def _is_reflected(session: Tester, operation: Operation) -> None:
    """Lists agree with other responses about a resource, while it is changed and afterwards."""
    require_writable(session)
    session.requests.require_prerequisites(operation)
    names = {law.then for law in session.laws.get(operation.name, ()) if law.then}
    pages = list(_pages(session, names))
    followed = {read.operation.name for page in pages for read in page.reads.values()}
    tested = False
    for case, lists in _writes(session, operation, pages, names):
        reads = _reads_of_write(session, case)
        shared = {key: read for key, read in reads.items() if read.operation.name in followed}
        counted = [] if tested else list(_counted(session, reads.values()))
        before = [session.read_state(read).payload for read in shared.values()]
        with written(session, case):
            tested = True
            was_present = before == [session.read_state(read).payload for read in shared.values()]
            _check_lists(session, lists, shared, counted)
        _check_lists(session, lists, shared, counted)
        if was_present and not _identifying(session.spec, operation):
            session.require_success(case)
    if not tested:
        raise InconclusiveError(NOT_UNDOABLE)


def _pages(session: Tester, names: Collection[str]) -> Iterator[_Page]:
    """Known lists whose laws read one of these operations for their items."""
    for operation in session.spec.operations:
        followed = {law.then for law in _laws_with_response(session, operation)}
        if operation.method in READS and not followed.isdisjoint(names):
            with suppress(InconclusiveError):
                observation = session.read_state(session.requests.base(operation))
                if observation.accepted:
                    reads = [read for _, _, read in _item_reads(session, observation)]
                    yield _Page(observation.case, {read.key: read for read in reads})


def _writes(
    session: Tester, operation: Operation, pages: Sequence[_Page], names: Collection[str]
) -> Iterator[tuple[Case, list[Case]]]:
    """A known write, and writes to what most other lists show; each with the lists to check for it."""
    remaining = list(pages)
    for case in islice(undoable(session, operation), 1):
        reads = _reads_of_write(session, case)
        showing = [
            page
            for page in remaining
            if page.case.operation.name in names or not reads.keys().isdisjoint(page.reads)
        ]
        remaining = [page for page in remaining if page not in showing]
        yield case, [page.case for page in showing]
    base = session.requests.base(operation)
    for _ in range(_FURTHER):
        frequency = Counter(key for page in remaining for key in page.reads)
        for key, _ in frequency.most_common(1):
            showing = [page for page in remaining if key in page.reads]
            remaining = [page for page in remaining if page not in showing]
            case, values = base, showing[0].reads[key].named()
            for location, name in base.parameters:
                case = case.having(location, name, values.get(name, base.parameters[location, name]))
            if key in _reads_of_write(session, case) and can_be_undone(session, case):
                yield case, [page.case for page in showing]


def _reads_of_write(session: Tester, case: Case) -> dict[str, Case]:
    """What the laws of a write read, by the key of the read."""
    request = session.request_view(case)
    if request is None:
        return {}
    laws = [law for law in session.laws.get(case.operation.name, ()) if law.then]
    reads = [
        session.requests.case_for(str(law.then), case.named() | law.arguments(request))
        for law in applying(laws, request)
    ]
    return {read.key: read for read in reads}


def _counted(session: Tester, reads: Iterable[Case]) -> Iterator[tuple[Case, Pagination]]:
    """Those reads that are lists whose items another operation counts, without a limit."""
    for case in reads:
        pagination = session.spec.document.get(case.operation.pointer).get("x-pagination", {})
        if "total" in pagination:
            yield case.without("query", pagination.get("limit", "")), pagination


def _check_lists(
    session: Tester,
    lists: Sequence[Case],
    shared: Collection[str],
    counted: Iterable[tuple[Case, Pagination]],
) -> None:
    """Checks what lists show of a resource (the reads that they share with the write), and how many items."""
    for case, pagination in counted:
        check_total(session, case, pagination)
    for case in lists:
        observation = session.require_success(case)
        for law, item, read in _item_reads(session, observation):
            if read.key in shared:
                _check_item(session, observation, law, item, read)


# Undoing another resource


def _identifying(spec: Spec, operation: Operation) -> list[Parameter]:
    """Parameters that identify what is undone, beside those that the write itself has."""
    recipe = spec.document.get(operation.pointer)[UNDO]
    [undoing] = [other for other in spec.operations if other.name == recipe["operation"]]
    return [parameter for parameter in undoing.parameters if parameter.name in recipe.get("with", {})]


def _persists(session: Tester, operation: Operation) -> None:
    """What was written remains when resources that do not exist, or are elsewhere, are undone."""
    case = next(undoable(session, operation), None)
    if case is None:
        raise InconclusiveError(NOT_UNDOABLE)
    with written(session, case) as (_, undoing):
        before = observe(session, undoing, fresh=True)
        for other, difference in _of_other_resources(session, operation, undoing):
            observation = session.send(other)
            if not Write(undoing, observation, before, observe(session, undoing)).changed_nothing:
                session.record_violation(
                    f"{difference}, but the request changes what was written", observation
                )
                raise InconclusiveError("what was written no longer exists")


def _of_other_resources(session: Tester, operation: Operation, undoing: Case) -> Iterator[tuple[Case, str]]:
    """Cases that undo other resources, and how they differ; optional parameters might select several."""
    identifying = _identifying(session.spec, operation)
    for parameter in undoing.operation.parameters:
        if not parameter.required and parameter not in identifying:
            undoing = undoing.without(parameter.location, parameter.name)
    for parameter in undoing.operation.parameters:
        place = parameter.location, parameter.name
        value = undoing.parameters.get(place)
        others = [_nonexistent(value)] if parameter in identifying else []
        if parameter.location == "path" and parameter not in identifying:
            known = session.requests.known_values(undoing.operation, parameter)
            others = [other for other in known if other != value][:1]
        for other in others:
            if parameter.schema is None or session.requests.is_valid(parameter.schema, other):
                yield undoing.having(*place, other), f"{parameter.name} is that of another resource"


def _nonexistent(value: Any) -> Any:
    """An identifier of the same form that does not exist: a number far beyond, or another text."""
    text = str(value)
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        return text.translate(_NEXT_DIGIT)
    beyond = int(text) + 10 ** max(len(text) - 1, 6)
    return beyond if isinstance(value, int) else str(beyond)
