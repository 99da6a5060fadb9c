"""The examples of responses in a collection of Postman, with the variables and credentials of its requests.

The format: https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html, and v2.0.0.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wirecheck.model import RecordingError
from wirecheck.recordings.loose import text

MAX_DEPTH = 100
MAX_EXPANDED = 2**20
"""Characters that variables may add to a request."""

VARIABLE = re.compile(r"\{\{([^{}]{1,200})\}\}")
_ROUNDS = 5  # of variables whose values contain variables


@dataclass(frozen=True, slots=True)
class SavedExample:
    """A saved response with its request, and what the request inherits."""

    request: Any
    response: Any
    variables: dict[str, str] = field(repr=False)
    auth: Any = field(repr=False)


def examples(collection: dict[str, Any]) -> Iterator[SavedExample]:
    """The examples in the order of the folders."""
    return _in_folder(collection, {}, None, 0)


def _in_folder(
    folder: dict[str, Any], outer: dict[str, str], outer_auth: Any, depth: int
) -> Iterator[SavedExample]:
    variables = outer | values(folder.get("variable"))
    auth = folder.get("auth") or outer_auth
    items = folder.get("item")
    for item in items if isinstance(items, list) and depth < MAX_DEPTH else []:
        if not isinstance(item, dict):
            continue
        yield from _in_folder(item, variables, auth, depth + 1)
        request, responses = item.get("request"), item.get("response")
        own_auth = request.get("auth") if isinstance(request, dict) else None
        for response in responses if isinstance(responses, list) else []:
            original = response.get("originalRequest") if isinstance(response, dict) else None
            yield SavedExample(original or request, response, variables, own_auth or auth)


def values(variables: Any) -> dict[str, str]:
    """The values of variables by their names; one without a value is left out."""
    return {
        text(member.get("key", member.get("id"))): text(member.get("value"))
        for member in enabled(variables)
        if text(member.get("value"))
    }


def enabled(members: Any) -> list[dict[str, Any]]:
    """The members of a list that are objects, and not disabled."""
    candidates = members if isinstance(members, list) else []
    return [
        member for member in candidates if isinstance(member, dict) and member.get("disabled") is not True
    ]


def completed(source: str, example: SavedExample) -> Any:
    """The request as it was sent: with the values of variables, and with the credentials that it inherits.

    Of a body that contains a variable without a value nothing is known.
    """
    request = _Substitution(source, example.variables).in_value(example.request)
    if not isinstance(request, dict):
        return request
    body, header = request.get("body"), request.get("header")
    if body and VARIABLE.search(json.dumps(body)):
        request = request | {"body": {"mode": "template"}}
    if not isinstance(header, list) or not header:  # none are recorded
        return request
    auth = _Substitution(source, example.variables).in_value(request.get("auth") or example.auth)
    return _with_credentials(request, header, auth)


def _with_credentials(request: dict[str, Any], header: list[Any], auth: Any) -> dict[str, Any]:
    kind = text(auth.get("type")) if isinstance(auth, dict) else ""
    members = auth.get(kind) if kind else None
    fields = members if isinstance(members, dict) else values(members)
    match kind:
        case "bearer" | "oauth2" | "jwt":
            name, value = "Authorization", f"Bearer {text(fields.get('token', fields.get('accessToken')))}"
        case "basic":
            credentials = f"{text(fields.get('username'))}:{text(fields.get('password'))}"
            name, value = "Authorization", f"Basic {base64.b64encode(credentials.encode()).decode()}"
        case "apikey":
            name, value = text(fields.get("key")), text(fields.get("value"))
        case _:
            return request
    member = {"key": name, "value": value}
    url = request.get("url")
    if kind == "apikey" and text(fields.get("in")) == "query":
        if not isinstance(url, dict):
            separator = "&" if "?" in text(url) else "?"
            return request | {"url": f"{text(url)}{separator}{name}={value}"}
        return request | {"url": url | {"query": [*enabled(url.get("query")), member]}}
    names = {text(other.get("key")).lower() for other in enabled(header)}
    return request if name.lower() in names else request | {"header": [*header, member]}


class _Substitution:
    """Replaces variables by their values; those without a value stay."""

    def __init__(self, source: str, variables: dict[str, str]) -> None:
        self._source = source
        self._variables = variables
        self._added = 0

    def in_value(self, value: Any) -> Any:
        match value:
            case str():
                return self._in_text(value)
            case list():
                return [self.in_value(item) for item in value]
            case dict():
                return {name: self.in_value(member) for name, member in value.items()}
            case _:
                return value

    def _in_text(self, content: str) -> str:
        for _ in range(_ROUNDS):
            replaced = VARIABLE.sub(self._value, content)
            if replaced == content:
                break
            content = replaced
        return content

    def _value(self, match: re.Match[str]) -> str:
        value = self._variables.get(match[1].strip(), match[0])
        self._added += len(value)
        if self._added > MAX_EXPANDED:
            raise RecordingError(self._source, f"variables add more than {MAX_EXPANDED:,} characters")
        return value
