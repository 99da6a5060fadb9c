"""Orders: the list is in the order that is requested, and has the same items as in any other."""

from collections.abc import Sequence
from typing import Any

from wirecheck.conform.case import InconclusiveError
from wirecheck.conform.listing import SortOrder
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import of_operation
from wirecheck.conform.requirements.lists import walking
from wirecheck.conform.requirements.lists.pages import derives, require_listing
from wirecheck.conform.requirements.lists.values import is_ordered, member
from wirecheck.conform.requirements.lists.walking import Walk, Whole
from wirecheck.spec import Operation, Spec

_ORDERS = 12  # that are requested


def _is_sorted(spec: Spec, operation: Operation) -> bool:
    found = derives(spec, operation)
    return found is not None and found.sorting is not None and bool(found.sorting.orders)


@of_operation("lists", "sorts its items", "the values of the document that name members of items", _is_sorted)
def sorts_items(session: Tester, operation: Operation) -> None:
    whole = walking.whole(session, require_listing(session, operation))
    sorting = whole.listing.sorting
    assert sorting is not None
    if len(whole.items) < 2:
        raise InconclusiveError("the list has fewer than two items")
    conclusive = False
    for order in sorting.orders[:_ORDERS]:
        case = order.put(whole.case)
        if not walking.read(session, case).accepted:
            continue
        walked = walking.walk(session, whole.listing, case)
        values = [member(item, order.member.path) for item in walked.all_items]
        if len({str(value) for value in values if value is not None}) < 2:
            continue
        conclusive = True
        _check_order(session, order, walked, values)
        _check_same_items(session, whole, order, walked)
    if not conclusive:
        raise InconclusiveError("all items are equal in what the list can be sorted by")


def _check_order(session: Tester, order: SortOrder, walked: Walk, values: Sequence[Any]) -> None:
    options = order.member.facets.options
    directions = (False, True) if order.descends is None else (order.descends,)
    if any(is_ordered(values, options, descends=descends) for descends in directions):
        return
    word = {None: "sorted", True: "descending", False: "ascending"}[order.descends]
    before, after = _first_pair(values, options, descends=directions[0])
    problem = f"with {order} the items are not {word} by {order.member.name}: {before} comes before {after}"
    session.record_violation(problem, walked.pages[0], f"#{order.values[0][0].parameter.pointer}")


def _first_pair(values: Sequence[Any], options: Sequence[Any] | None, *, descends: bool) -> tuple[Any, Any]:
    """The first values that are in the wrong order."""
    present = [value for value in values if value is not None]
    beginnings = (present[:end] for end in range(2, len(present) + 1))
    before, after = next(each for each in beginnings if not is_ordered(each, options, descends=descends))[-2:]
    return before, after


def _check_same_items(session: Tester, whole: Whole, order: SortOrder, walked: Walk) -> None:
    if not (whole.complete and walked.complete):
        return
    actual, expected = sorted(whole.keys_of(walked.all_items)), sorted(whole.keys)
    if actual != expected:
        problem = f"with {order} the list has {len(actual)} items, without it {len(expected)}"
        if len(actual) == len(expected):
            problem = f"with {order} the list has other items than without it"
        session.record_violation(problem, walked.pages[0], f"#{order.values[0][0].parameter.pointer}")


REQUIREMENTS = (sorts_items,)
