"""Values that are good for once: fetched by requests of their own, each time that one is needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import httpx
import msgspec

from wirecheck.conform.case import Case, UnsentError
from wirecheck.conform.target import Target

_PLACE = re.compile(r"\{(\w+)\}")

Path = Annotated[str, msgspec.Meta(pattern="^/(?!/)")]


class FetchStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request, GET or with a form POST. ``find`` are patterns for what it answers, by name.

    What was found before stands in ``url`` and ``form`` as ``{name}``.
    """

    url: Path
    form: dict[str, str] | None = None
    find: dict[str, str] = {}


Steps = Annotated[tuple[FetchStep, ...], msgspec.Meta(min_length=1)]
Ways = Mapping[str, Mapping[str, Sequence[FetchStep]]]
"""How values are fetched, by operationId and name."""


def troubles(ways: Ways) -> Iterator[str]:
    """What is wrong with ways that have the shape of ways."""
    for operation, by_name in ways.items():
        for name, steps in by_name.items():
            if name not in steps[-1].find:
                yield f"fetched.{operation}.{name}: its last step must find {name}"
            for pattern in (pattern for step in steps for pattern in step.find.values()):
                try:
                    re.compile(pattern)
                except re.error as error:
                    yield f"fetched.{operation}.{name}: {pattern} is no pattern: {error}"


class Fetcher:
    """Puts fresh values in place of known ones."""

    def __init__(self, ways: Ways, target: Target) -> None:
        self.ways, self._target = ways, target

    def refreshed(self, case: Case, known: Case) -> Case:
        """A request, its values fresh where they are those of the ``known`` one. Raises UnsentError."""
        for name in self.ways.get(case.operation.name, {}):
            for place, value in known.parameters.items():
                if place[1] == name and case.parameters.get(place) == value:
                    case = case.having(*place, self._fetch(case, name))
            if name in _fields(known) and _fields(case).get(name) == known.body[name]:
                case = replace(case, body=case.body | {name: self._fetch(case, name)})
        return case

    def _fetch(self, case: Case, name: str) -> str:
        found: dict[str, str] = {}
        cookies = httpx.Cookies()
        for step in self.ways[case.operation.name][name]:
            form = step.form and {key: _filled(value, found) for key, value in step.form.items()}
            response, body = self._target.visit(_filled(step.url, found), form, cookies)
            text = f"{response.headers.get('Location', '')}\n{body.decode('utf-8', 'replace')}"
            for sought, pattern in step.find.items():
                match = re.search(pattern, text)
                if match is None:
                    where = f"{response.request.method} {step.url.partition('?')[0]}"
                    what = f"fetched.{case.operation.name}.{name}: {where} answers {response.status_code}"
                    raise UnsentError("--values", f"{what}, where nothing is found for {sought}")
                found[sought] = next(filter(None, match.groups()), match[0])
        self._target.conceal(found.values())
        return found[name]


def _fields(case: Case) -> dict[str, Any]:
    return case.body if isinstance(case.body, dict) else {}


def _filled(text: str, found: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: found.get(place[1], place[0]), text)
