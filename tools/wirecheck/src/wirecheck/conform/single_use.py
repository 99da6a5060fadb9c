"""Values that can be used only once, obtained by requests of their own each time one is needed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import httpx
import msgspec

from wirecheck.conform.case import Case, UnsentError
from wirecheck.conform.target import Target

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Path = Annotated[str, msgspec.Meta(pattern="^/(?!/)")]


class FetchStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request: GET, or POST where there is a form. ``find`` are patterns for its response, by name.

    Matches of earlier steps are inserted in ``url`` and ``form`` as ``{name}``.
    """

    url: Path
    form: dict[str, str] | None = None
    find: dict[str, str] = {}


FetchSteps = Annotated[tuple[FetchStep, ...], msgspec.Meta(min_length=1)]
Recipes = Mapping[str, Mapping[str, Sequence[FetchStep]]]
"""The steps that obtain a value, by operationId and name."""


def problems(recipes: Recipes) -> Iterator[str]:
    """What is wrong with recipes that have the right shape."""
    for operation, by_name in recipes.items():
        for name, steps in by_name.items():
            if name not in steps[-1].find:
                yield f"single_use.{operation}.{name}: the last step must find {name}"
            for pattern in (pattern for step in steps for pattern in step.find.values()):
                try:
                    re.compile(pattern)
                except re.error as error:
                    yield f"single_use.{operation}.{name}: {pattern} is not a valid pattern: {error}"


class Fetcher:
    """Replaces known values of cases by fresh ones."""

    def __init__(self, recipes: Recipes, target: Target) -> None:
        self.recipes, self._target = recipes, target

    def refreshed(self, case: Case, known: Case) -> Case:
        """The case with fresh values wherever it has those of the ``known`` case. Raises UnsentError."""
        for name in self.recipes.get(case.operation.name, {}):
            for place, value in known.parameters.items():
                if place[1] == name and case.parameters.get(place) == value:
                    case = case.having(*place, self._fetch(case, name))
            if name in _fields(known) and _fields(case).get(name) == known.body[name]:
                case = replace(case, body=case.body | {name: self._fetch(case, name)})
        return case

    def _fetch(self, case: Case, name: str) -> str:
        matches: dict[str, str] = {}
        cookies = httpx.Cookies()
        for step in self.recipes[case.operation.name][name]:
            form = step.form and {key: _filled(value, matches) for key, value in step.form.items()}
            response, body = self._target.visit(_filled(step.url, matches), form, cookies)
            text = f"{response.headers.get('Location', '')}\n{body.decode('utf-8', 'replace')}"
            for key, pattern in step.find.items():
                match = re.search(pattern, text)
                if match is None:
                    request = f"{response.request.method} {step.url.partition('?')[0]}"
                    raise UnsentError(
                        "--values",
                        f"single_use.{case.operation.name}.{name}: {request} returned"
                        f" {response.status_code}, and {key} was not found in it",
                    )
                matches[key] = next(filter(None, match.groups()), match[0])
        self._target.add_secrets(matches.values())
        return matches[name]


def _fields(case: Case) -> dict[str, Any]:
    return case.body if isinstance(case.body, dict) else {}


def _filled(text: str, matches: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: matches.get(place[1], place[0]), text)
