"""Filters: every item of a filtered list fits, and every item of the whole list that fits is in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.listing import ListFilter, Member, Operator, QueryField
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import of_operation
from wirecheck.conform.requirements.lists import walking
from wirecheck.conform.requirements.lists.pages import derives, require_listing, totals
from wirecheck.conform.requirements.lists.values import contains, fits, instant, is_day, member, number
from wirecheck.conform.requirements.lists.walking import Walk, Whole
from wirecheck.resources import success_schema
from wirecheck.samples import members
from wirecheck.spec import Operation, Spec

_VALUES, _FEWEST = 3, 2  # of a filter, and where there are many filters
_REQUESTS = 24  # filtered lists
_NOWHERE = "zqxjkvw"
_UNKNOWN_UUID = "5f1d7a86-3c07-4e0b-9d0e-2a6b8c4f1e93"
_WORD = re.compile(r"(?<!\w)[a-zA-Z]{4,20}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Filtered:
    """The list that values of a filter select."""

    values: Sequence[Any]
    walked: Walk


def _is_filtered(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and bool(found.filters)


@of_operation(
    "lists", "filters its items", "the parameters of the document named as members of items", _is_filtered
)
def filters_items(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    if not whole.items:
        raise InconclusiveError("the list is empty")
    conclusive = False
    number = max(_FEWEST, min(_VALUES, _REQUESTS // len(whole.listing.filters)))
    for found in whole.listing.filters[: _REQUESTS // _FEWEST]:
        filtered = list(_filtered(session, whole, found, _values(session, whole, found)[:number]))
        if found.operator == Operator.SEARCHES:
            for part in filtered:
                conclusive |= _check_search(session, whole, found, part)
        else:
            conclusive |= _check_items(session, whole, found, filtered)
            _check_totals(session, whole, found, filtered)
    if not conclusive:
        raise InconclusiveError("no value of a filter is known by which some items differ from others")


@of_operation(
    "lists",
    "filters its items on every page",
    "the parameters of the document named as members of items",
    lambda spec, operation: _is_filtered(spec, operation) and _has_pages(spec, operation),
)
def filters_every_page(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    size = whole.listing.paging.size
    assert size is not None
    for found in whole.listing.filters:
        if found.operator != Operator.EQUALS or not found.members:
            continue
        for values in _values(session, whole, found):
            fitting = [item for item in whole.items if fits(found, found.members[0], item, values)]
            if len(fitting) < 2 or len(fitting) == len(whole.items):
                continue
            small = whole.listing.paging.sized(max(1, len(fitting) // 3))
            case = _put(found.field, size.put(whole.case, small), values)
            walks = [_Filtered(values, walked) for walked in _walks(session, whole, case)]
            _check_items(session, whole, found, walks)
            return
    raise InconclusiveError("no filter is known that selects several items, but not all")


def _has_pages(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and found.paging.size is not None and found.paging.is_paged


def _walks(session: Tester, whole: Whole, case: Case) -> Iterator[Walk]:
    """The filtered list, by the parameters of pages, and by links where those are another way."""
    walked = walking.walk(session, whole.listing, case)
    yield walked
    if walked.pages and walking.is_by_number(whole.listing):
        yield _linked(session, whole, case, walked.pages[0])


def _linked(session: Tester, whole: Whole, case: Case, first: Observation) -> Walk:
    """The pages from the first one on, each by the address in the one before; never complete."""
    linked, page = Walk(), first
    while page.accepted and len(linked.pages) < walking.MAX_PAGES:
        linked.pages.append(page)
        linked.items.append(walking.items_of(whole.listing, page))
        found = (link for link in walking.links(whole.listing, page, "next") if link.address)
        link = next(found, None)
        following = walking.follow(session, whole.listing, page, case, link) if link else None
        if following is None:
            break
        page = walking.read(session, following)
    return linked


def _put(field: QueryField, case: Case, values: Sequence[Any]) -> Case:
    return field.put(case, list(values) if field.is_list else values[0])


def _filtered(
    session: Tester, whole: Whole, found: ListFilter, values: Sequence[Sequence[Any]]
) -> Iterator[_Filtered]:
    """The lists that values select, but for values that the server rejects."""
    for selected in values:
        case = _put(found.field, whole.case, selected)
        if walking.read(session, case).accepted:
            walked = walking.walk(session, whole.listing, case)
            if walked.pages:
                yield _Filtered(selected, walked)


def _check_items(session: Tester, whole: Whole, found: ListFilter, filtered: Sequence[_Filtered]) -> bool:
    """Records a violation if nothing that the filter may mean explains all lists.

    Returns whether a server that ignores the filter would have been found.
    """
    problems: list[tuple[_Filtered, str]] = []
    for reading, leaf in _readings(found):
        wrong = ((part, _wrong(whole, reading, leaf, part)) for part in filtered)
        problem = next(((part, text) for part, text in wrong if text), None)
        if problem is None:
            break
        problems.append(problem)
    else:
        for part, text in problems[:1]:
            how = f"with {found.field.name}={','.join(map(_text, part.values))}"
            page = part.walked.pages[0]
            session.record_violation(f"{how} {text}", page, f"#{found.field.parameter.pointer}")
    return any(_excludes(whole, found, part.values) for part in filtered)


def _readings(found: ListFilter) -> Iterator[tuple[ListFilter, Member]]:
    """What a filter may mean: one of its members; a number may be a bound, several values any or all."""
    for leaf in found.members:
        if found.field.is_list and found.needs_all is None:
            yield replace(found, needs_all=False), leaf
            yield replace(found, needs_all=True), leaf
            continue
        yield found, leaf
        if found.operator == Operator.EQUALS and found.field.single.types & {"integer", "number"}:
            yield replace(found, operator=Operator.FROM, includes_bound=True), leaf
            yield replace(found, operator=Operator.UNTIL, includes_bound=True), leaf


def _excludes(whole: Whole, found: ListFilter, values: Sequence[Any]) -> bool:
    """Whether some item surely does not fit."""
    return any(fits(found, leaf, item, values) is False for item in whole.items for leaf in found.members)


def _wrong(whole: Whole, found: ListFilter, leaf: Member, part: _Filtered) -> str:
    """What is wrong with a filtered list, if a filter means a member; empty if nothing is."""
    walked, values = part.walked, part.values
    for item in walked.all_items:
        if fits(found, leaf, item, values) is False:
            name = walking.key_text(item, whole.key)[:60]
            return f"the list has {name}, whose {leaf.name} is {_text(member(item, leaf.path))}"
    is_whole = walked.complete and (whole.ordered or len(walked.pages) == 1)
    if not (is_whole and whole.complete) or found.operator == Operator.CONTAINS:
        return ""
    listed = set(whole.keys_of(walked.all_items))
    for item in whole.items:
        key = walking.key_text(item, whole.key)
        if key not in listed and fits(found, leaf, item, values):
            return f"the list lacks {key[:60]}, whose {leaf.name} is {_text(member(item, leaf.path))}"
    return ""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]


def _check_totals(session: Tester, whole: Whole, found: ListFilter, filtered: Sequence[_Filtered]) -> None:
    """The total of a filtered list is that of the items that fit, if the list has a single total."""
    for part in filtered:
        count, page = len(part.walked.all_items), part.walked.pages[0]
        counted = list(totals(whole, page))
        if part.walked.complete and len(counted) == 1 and counted[0][1] != count != len(whole.items):
            how = f"with {found.field.name}={','.join(map(_text, part.values))}"
            source, value = counted[0]
            session.record_violation(f"{how} {source} is {value}, but the list has {count} items", page)


def _check_search(session: Tester, whole: Whole, found: ListFilter, part: _Filtered) -> bool:
    """Whatever is searched, what is found contains the text; by other case it is the same if documented."""
    text, items, name = str(part.values[0]), part.walked.all_items, found.field.name
    pointer, page = f"#{found.field.parameter.pointer}", part.walked.pages[0]
    without = [item for item in items if not contains(item, text)]
    is_certain = text == _NOWHERE or len(items) == len(whole.items) or not _may_hide_text(session, whole)
    if without and is_certain:
        key = walking.key_text(without[0], whole.key)[:60]
        session.record_violation(
            f"with {name}={text} the list has {key}, which does not contain that", page, pointer
        )
    swapped = text.swapcase()
    for other in _filtered(session, whole, found, [[swapped]] if found.ignores_case else ()):
        if sorted(whole.keys_of(items)) != sorted(whole.keys_of(other.walked.all_items)):
            problem = f"{name}={swapped} finds other items than {name}={text}, although case is ignored"
            session.record_violation(problem, other.walked.pages[0], pointer)
    return not all(contains(item, text) for item in whole.items)


def _may_hide_text(session: Tester, whole: Whole) -> bool:
    """Whether things have members that a list does not show, so that they may be searched."""
    resource = walking.resource_of(session, whole.listing)
    if resource is None:
        return True
    shown = {leaf.path[0] for leaf in whole.listing.members}
    document = session.spec.document
    schema = (
        members(document, success_schema(resource.read)).get(resource.thing[0]) if resource.thing else None
    )
    of_thing = schema.properties if schema else members(document, success_schema(resource.read))
    return bool(of_thing.keys() - shown)


def _values(session: Tester, whole: Whole, found: ListFilter) -> list[list[Any]]:
    """Values of a filter that the document allows, those first that reveal most."""
    if found.operator == Operator.SEARCHES:
        candidates = [[word] for word in _searched(whole)]
    elif found.operator in (Operator.FROM, Operator.UNTIL):
        candidates = [[value] for value in _bounds(whole, found)]
    else:
        candidates = list(_equal(whole, found))
    schema = found.field.parameter.schema
    allowed: dict[str, list[Any]] = {}
    for values in candidates:
        written = _put(found.field, walking.empty_case(whole), values)
        value = written.parameters["query", found.field.parameter.name]
        if schema is None or session.requests.is_valid(schema, value):
            allowed.setdefault(repr(values), values)
    return list(allowed.values())[:_VALUES]


def _searched(whole: Whole) -> Iterator[str]:
    """A word of an item that others lack, and one that none has.

    Searches are for people, who read texts rather than keys: it is a word of the longest texts.
    """
    of_leaves = [
        [text for item in whole.items if isinstance(text := member(item, leaf.path), str)]
        for leaf in whole.listing.members
        if _is_text(leaf) and leaf.path != whole.key
    ]
    longest_first = sorted(of_leaves, key=lambda texts: -max(map(len, texts), default=0))
    words = (word for texts in longest_first for text in texts for word in _WORD.findall(text))
    telling = (word for word in words if not all(contains(item, word) for item in whole.items))
    yield from islice(telling, 1)
    yield _NOWHERE


def _is_text(leaf: Member) -> bool:
    return not leaf.facets.format and leaf.facets.options is None


def _bounds(whole: Whole, found: ListFilter) -> Iterator[Any]:
    """A value in the middle of those of the items, and the greatest or least one."""
    as_number = bool(found.field.single.types & {"integer", "number"})
    for leaf in found.members:
        keyed: dict[Any, Any] = {}
        for item in whole.items:
            value = member(item, leaf.path)
            key = number(value) if as_number else instant(value)
            if key is not None:
                keyed.setdefault(key, value)
        keys = sorted(keyed)
        for position in (len(keys) // 2, 0 if found.operator == Operator.UNTIL else -1):
            if keys:
                yield _in_form(found.field, keyed[keys[position]])
        if keys:
            yield _in_form(found.field, _beyond(keys[position], found.operator))


def _beyond(key: Any, operator: Operator) -> Any:
    """A bound that excludes all values, of which the outermost one is given."""
    far = 1000 if isinstance(key, float) else timedelta(days=1000)
    try:
        bound = key + far if operator == Operator.FROM else key - far
    except OverflowError:  # of a date at the end of what a date can be
        bound = key
    return bound if isinstance(bound, float) else bound.date().isoformat()


def _in_form(field: QueryField, value: Any) -> Any:
    """A value of a member in the form of a field: a number, a day or an instant."""
    if field.facets.types & {"integer", "number"}:
        bound = number(value) or 0.0
        return int(bound) if bound.is_integer() or "number" not in field.facets.types else bound
    if field.facets.format == "date" and not is_day(value):
        return str(value)[:10]
    return f"{value}T00:00:00Z" if field.facets.format == "date-time" and is_day(value) else value


def _equal(whole: Whole, found: ListFilter) -> Iterator[list[Any]]:
    """Values that some items have and others do not, then values that none has; two at once in lists."""
    occurring = _occurring(whole, found)
    telling = [_typed(found.field, value) for value in occurring if not _all_fit(whole, found, value)]
    if found.field.is_list:
        yield from ([value] for value in telling[:1])
        yield from ([telling[0], value] for value in telling[1:2])
        return
    yield from ([value] for value in telling)
    texts = set(map(str, occurring))
    yield from ([value] for value in _documented(found) if str(value) not in texts)
    yield from ([value] for value in _absent(found, occurring))
    yield from ([_typed(found.field, value)] for value in occurring)


def _absent(found: ListFilter, occurring: Sequence[Any]) -> Iterator[Any]:
    """A value that no item has, where the document lists none."""
    types = found.field.single.types
    if found.field.single.options is not None:
        return
    if types & {"integer", "number"}:
        yield int(max((number(value) or 0 for value in occurring), default=0)) + 1000
    elif found.field.single.format == "uuid":
        yield _UNKNOWN_UUID
    elif "string" in types and not found.field.single.format:
        yield _NOWHERE


def _documented(found: ListFilter) -> Sequence[Any]:
    """The values that the document lists for the field and for its members alike."""
    if found.field.single.types == {"boolean"}:
        return True, False
    of_members = [value for leaf in found.members for value in leaf.facets.options or ()]
    return [value for value in found.field.single.options or () if value in of_members]


def _occurring(whole: Whole, found: ListFilter) -> list[Any]:
    """The values of the members of a filter; those first that are a part of another one."""
    values: dict[str, Any] = {}
    for leaf in found.members:
        for item in whole.items:
            value = member(item, leaf.path)
            for single in value if isinstance(value, list) else [value]:
                if single is not None and not isinstance(single, dict | list):
                    values.setdefault(str(single), single)
    parts = {text for text in values for other in values if text != other and text in other}
    return [values[text] for text in sorted(values, key=lambda text: text not in parts)]


def _typed(field: QueryField, value: Any) -> Any:
    """A value in the type of a field: a text where an id is a number in items, and the other way round."""
    types = field.single.types
    if "string" in types and not isinstance(value, str | bool):
        return str(value)
    as_number = number(value) if types & {"integer", "number"} and isinstance(value, str) else None
    return int(as_number) if as_number is not None and as_number.is_integer() else value


def _all_fit(whole: Whole, found: ListFilter, value: Any) -> bool:
    return all(any(fits(found, leaf, item, [value]) for leaf in found.members) for item in whole.items)


REQUIREMENTS = (filters_items, filters_every_page)
