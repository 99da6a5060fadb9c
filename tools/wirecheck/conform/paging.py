"""Walking by small pages gives what large pages give: nothing twice, nothing lost, and it ends."""

import json
from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from wirecheck.conform.lab import Lab, at
from wirecheck.conform.target import Ask
from wirecheck.spec import Operation, Spec

_MOST = 400  # pages of a walk
_SMALL = 50  # small pages of a walk: the first ones of a long list
_SIZES = (1, 2, 5)  # of small pages, beside those of the server


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    pagination = spec.document.get(operation.pointer).get("x-pagination")
    if not pagination:
        return
    yield "paging", "gives every item once, however it is paged", partial(_walks, operation=operation)


def _walks(lab: Lab, operation: Operation) -> None:
    pagination = lab.spec.document.get(operation.pointer)["x-pagination"]
    size = pagination.get("limit")
    for ask in lab.asks(operation):
        whole, _ = _walk(lab, ask, pagination, "large pages")
        for number in _SIZES if size else ():
            items, ended = _walk(
                lab, ask.having("query", size, number), pagination, f"pages of {number}", _SMALL
            )
            if items == (whole if ended else whole[: len(items)]):
                continue
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(items, whole, strict=False)))
            found = f"{len(items)} items, and large ones {len(whole)}"
            lab.broken(f"pages of {number} give {found}; they differ from item {same} on", lab.last)


def _walk(
    lab: Lab, ask: Ask, pagination: dict[str, str], how: str, most: int = _MOST
) -> tuple[list[str], bool]:
    """The items of all pages, each as canonical JSON, and whether there are no more."""
    items: list[str] = []
    asked: set[str] = set()
    while True:
        seen = lab.accepted(ask)
        page = at(seen.body, pagination["items"])
        items += [json.dumps(item, sort_keys=True) for item in page if isinstance(page, list)] if page else []
        if len(items) != len(set(items)):
            lab.broken(f"{how}: an item comes twice", seen)
            return items, False
        following = _following(ask, pagination, seen.body)
        if following is None:
            return items, True
        key = json.dumps(sorted((name, str(value)) for (_, name), value in following.parameters.items()))
        if key in asked or len(asked) >= _MOST:
            lab.broken(f"{how}: the pages never end", seen)
            return items, False
        asked.add(key)
        if len(asked) >= most:
            return items, False
        ask = following


def _following(ask: Ask, pagination: dict[str, str], body: Any) -> Ask | None:
    if "more" in pagination and not at(body, pagination["more"]):
        return None
    found = at(body, pagination.get("cursor") or pagination["next-url"])
    if found is None or found == "":
        return None
    if "parameter" in pagination:
        return ask.having("query", pagination["parameter"], found)
    declared = {one.parameter for together in ask.operation.security for one in together}
    for name, value in parse_qsl(urlsplit(str(found)).query, keep_blank_values=True):
        if name not in declared and name != "sig":
            ask = ask.having("query", name, value)
    return ask
