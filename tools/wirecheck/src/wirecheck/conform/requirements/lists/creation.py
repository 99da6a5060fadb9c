"""Creation: a list has what was created."""

from collections.abc import Callable
from typing import Any

from wirecheck.conform.case import Case, InconclusiveError
from wirecheck.conform.ledger import Thing, key_of
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.derived import OfResource, of_resource
from wirecheck.conform.requirements.items import case_of, required, shown, shows_deletion
from wirecheck.conform.requirements.lists.pages import derives
from wirecheck.conform.requirements.lists.walking import Walk, items_of, large_pages, walk
from wirecheck.resources import Resource

_STAGES = ("status", "state", "stage", "published", "visible", "active", "draft", "public", "archived")
"""Members by whose values a list may leave things out."""


@of_resource("lists", "has what was created", "RFC 9110, 9.3.1", "list", "create")
def has_what_was_created(session: Tester, resource: Resource) -> None:
    listing = derives(session.spec, required(resource.list))
    if listing is None:
        raise InconclusiveError("the list is not described as one")
    thing = session.things.create(resource)
    case = _selecting(session.things.case(listing.operation, thing.keys), shown(resource, thing.created))

    def walked() -> Walk:
        return walk(session, listing, large_pages(session, listing, case))

    def listed(result: Walk) -> bool:
        keys = {str(key_of(resource, item)) for page in result.pages for item in items_of(listing, page)}
        return str(thing.key) in keys

    result = session.settled(walked, listed)
    if listed(result):
        _check_deletion(session, resource, thing, walked, listed)
        return
    if not result.pages or not result.complete:
        raise InconclusiveError("the list has no end that is certain")
    items = [item for page in result.pages for item in items_of(listing, page)]
    if _may_be_left_out(shown(resource, thing.created), items):
        raise InconclusiveError("the list may leave out what is in the stage of something new")
    session.record_violation(f"what was created ({thing.key}) is not listed", result.pages[-1])


def _selecting(case: Case, created: Any) -> Case:
    """The list with those values for its required filters that the thing has."""
    for parameter in case.operation.parameters:
        value = created.get(parameter.name) if isinstance(created, dict) else None
        if parameter.required and parameter.location == "query" and isinstance(value, str | int):
            case = case.having("query", parameter.name, value)
    return case


def _check_deletion(
    session: Tester,
    resource: Resource,
    thing: Thing,
    walked: Callable[[], Walk],
    listed: Callable[[Walk], bool],
) -> None:
    """What was deleted is no longer listed, or says itself that it was deleted."""
    if resource.delete is None or not session.send(case_of(session, thing, resource.delete)).accepted:
        return
    result = session.settled(walked, lambda walk: not listed(walk))
    before = shown(resource, thing.created)
    for item in result.all_items:
        if str(key_of(resource, item)) == str(thing.key) and not shows_deletion(before, item):
            problem = f"what was deleted ({thing.key}) is still listed"
            session.record_violation(problem, result.pages[-1])


def _may_be_left_out(created: Any, items: list[Any]) -> bool:
    """Whether a thing is in a stage in which no listed one is."""
    others = [item for item in items if isinstance(item, dict)]
    if not isinstance(created, dict) or not others:
        return False
    return any(
        name.lower() in _STAGES and all(item.get(name) != created[name] for item in others)
        for name in created
    )


REQUIREMENTS: tuple[OfResource, ...] = (has_what_was_created,)
