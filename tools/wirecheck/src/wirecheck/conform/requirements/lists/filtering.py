"""Filters: every item of a filtered list fits, and every item of the whole list that fits is in it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.listing import Leaf, ListFilter, Operator, QueryField
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import of_operation
from wirecheck.conform.requirements.lists import walking
from wirecheck.conform.requirements.lists.pages import derives, require_listing, totals
from wirecheck.conform.requirements.lists.values import contains, fits, instant, is_day, member, number
from wirecheck.conform.requirements.lists.walking import Walk, Whole
from wirecheck.spec import Operation, Spec

_VALUES = 3  # of a filter
_REQUESTS = 24  # filtered lists
_NOWHERE = "zqxjkvw"
_WORD = re.compile(r"(?<!\w)[a-zA-Z]{4,20}(?!\w)")


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
    remaining, conclusive = _REQUESTS, False
    for found in whole.listing.filters:
        for values in _values(session, whole, found):
            if remaining <= 0:
                return
            remaining -= 1
            conclusive |= _check(session, whole, found, values)
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
            for walked in _walks(session, whole, case):
                _check_items(session, whole, found, values, walked)
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


def _check(session: Tester, whole: Whole, found: ListFilter, values: Sequence[Any]) -> bool:
    """Checks the list for values of a filter; whether a server that ignores it would have been found."""
    walked = _filtered(session, whole, found, values)
    if walked is None:
        return False
    if found.operator == Operator.SEARCHES:
        return _check_search(session, whole, found, str(values[0]), walked)
    is_telling = _check_items(session, whole, found, values, walked)
    if walked.complete and walked.pages:
        _check_total(session, whole, found, values, walked)
    return is_telling


def _filtered(session: Tester, whole: Whole, found: ListFilter, values: Sequence[Any]) -> Walk | None:
    """The filtered list; None where the server rejects the value."""
    case = _put(found.field, whole.case, values)
    if not walking.read(session, case).accepted:
        return None
    return walking.walk(session, whole.listing, case)


def _check_items(
    session: Tester, whole: Whole, found: ListFilter, values: Sequence[Any], walked: Walk
) -> bool:
    """Records a violation if no member that the filter may mean explains the list."""
    wrong = [_wrong(whole, found, leaf, values, walked) for leaf in found.members]
    how = f"with {found.field.name}={','.join(map(_text, values))}"
    if wrong and all(wrong) and walked.pages:
        session.record_violation(f"{how} {wrong[0]}", walked.pages[0], f"#{found.field.parameter.pointer}")
    unfitting = [
        any(fits(found, leaf, item, values) is False for item in whole.items) for leaf in found.members
    ]
    return any(unfitting)


def _wrong(whole: Whole, found: ListFilter, leaf: Leaf, values: Sequence[Any], walked: Walk) -> str:
    """What is wrong with a filtered list, if a filter means a member; empty if nothing is."""
    for item in walked.all_items:
        if fits(found, leaf, item, values) is False:
            name = walking.key_text(item, whole.key)[:60]
            return f"the list has {name}, whose {leaf.name} is {_text(member(item, leaf.path))}"
    if not (walked.complete and whole.complete) or found.operator == Operator.CONTAINS:
        return ""
    listed = set(whole.keys_of(walked.all_items))
    for item in whole.items:
        key = walking.key_text(item, whole.key)
        if fits(found, leaf, item, values) and key not in listed:
            return f"the list lacks {key[:60]}, whose {leaf.name} is {_text(member(item, leaf.path))}"
    return ""


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]


def _check_total(
    session: Tester, whole: Whole, found: ListFilter, values: Sequence[Any], walked: Walk
) -> None:
    """The total of a filtered list is that of the items that fit, if the list has a single total."""
    count, page = len(walked.all_items), walked.pages[0]
    told = list(totals(whole, page))
    if len(told) == 1 and told[0][1] != count and len(whole.items) != count:
        how = f"with {found.field.name}={','.join(map(_text, values))}"
        session.record_violation(f"{how} {told[0][0]} is {told[0][1]}, but the list has {count} items", page)


def _check_search(session: Tester, whole: Whole, found: ListFilter, text: str, walked: Walk) -> bool:
    """Whatever is searched, what is found contains the text; by other case it is the same if documented."""
    pointer = f"#{found.field.parameter.pointer}"
    for item in walked.all_items:
        if not contains(item, text):
            name = walking.key_text(item, whole.key)[:60]
            problem = f"with {found.field.name}={text} the list has {name}, which does not contain that"
            session.record_violation(problem, walked.pages[0], pointer)
            break
    if found.ignores_case and text != text.swapcase():
        swapped = _filtered(session, whole, found, [text.swapcase()])
        both = [sorted(whole.keys_of(part.all_items)) for part in (walked, swapped) if part is not None]
        if len(both) == 2 and both[0] != both[1]:
            name = found.field.name
            problem = (
                f"{name}={text.swapcase()} finds other items than {name}={text}, although case is ignored"
            )
            session.record_violation(problem, session.last, pointer)
    return not all(contains(item, text) for item in whole.items)


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
    """A word of an item that others lack, and one that none has."""
    texts = (
        member(item, leaf.path) for item in whole.items for leaf in whole.listing.members if _is_text(leaf)
    )
    words = (word for text in texts if isinstance(text, str) for word in _WORD.findall(text))
    telling = (word for word in words if not all(contains(item, word) for item in whole.items))
    yield from islice(telling, 1)
    yield _NOWHERE


def _is_text(leaf: Leaf) -> bool:
    return not leaf.facets.format and leaf.facets.options is None


def _bounds(whole: Whole, found: ListFilter) -> Iterator[Any]:
    """A value in the middle of those of the items, and the greatest or least one."""
    as_number = bool(found.field.facets.types & {"integer", "number"})
    for leaf in found.members:
        keyed: dict[Any, Any] = {}
        for item in whole.items:
            value = member(item, leaf.path)
            key = number(value) if as_number else instant(value)
            if key is not None:
                keyed.setdefault(key, value)
        ordered = [keyed[key] for key in sorted(keyed)]
        for position in (len(ordered) // 2, 0 if found.operator == Operator.UNTIL else -1):
            if ordered:
                yield _in_form(found.field, ordered[position])


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
    options = (True, False) if found.field.facets.types == {"boolean"} else found.field.facets.options or ()
    texts = set(map(str, occurring))
    yield from ([value] for value in options if str(value) not in texts)
    yield from ([_typed(found.field, value)] for value in occurring)


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
    types = field.facets.types
    if "string" in types and not isinstance(value, str | bool):
        return str(value)
    as_number = number(value) if types & {"integer", "number"} and isinstance(value, str) else None
    return int(as_number) if as_number is not None and as_number.is_integer() else value


def _all_fit(whole: Whole, found: ListFilter, value: Any) -> bool:
    return all(any(fits(found, leaf, item, [value]) for leaf in found.members) for item in whole.items)


REQUIREMENTS = (filters_items, filters_every_page)
