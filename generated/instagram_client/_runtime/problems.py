"""What the body of an error says, in the shapes that APIs use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_MESSAGES = (
    "message",
    "error_message",
    "errorMessage",
    "error_description",
    "detail",
    "msg",
    "reason",
    "description",
    "title",
)
_CODES = ("code", "error_code", "errorCode")
_TYPES = ("type", "error_type", "errorType", "status", "error")  # a status in capitals only
_PLACES = ("loc", "field", "path", "param", "parameter", "property", "pointer", "name")
_MOST = 5  # of several errors, how many a message names


class ProblemDetails(NamedTuple):
    """What is wrong, as the server says it; None where it does not."""

    message: str | None = None
    code: str | None = None
    type: str | None = None

    @property
    def label(self) -> str | None:
        """The type, where it says something to people: an address does not (RFC 9457, 3.1.1)."""
        return None if self.type and "://" in self.type else self.type

    @classmethod
    def of(cls, body: Any) -> ProblemDetails:
        """From a problem document (RFC 9457), or a body of another usual shape, perhaps a list of them."""
        if isinstance(body, list):
            return cls(message=_messages(body), code=next(_firsts(body, _CODES), None))
        if not isinstance(body, dict):
            return cls()
        inner = body.get("error")
        if isinstance(inner, dict):
            nested = cls.of(inner)
            return cls(*(own or outer for own, outer in zip(nested, cls._flat(body), strict=True)))
        return cls._flat(body)

    @classmethod
    def _flat(cls, body: Mapping[str, Any]) -> ProblemDetails:
        message = _message(body)
        kind = _text(body, _TYPES)
        if message is None and isinstance(body.get("error"), str):
            message, kind = body["error"], _text(body, _TYPES[:-1])
        return cls(message, _text(body, _CODES), None if kind == "about:blank" else kind)


def _message(body: Mapping[str, Any]) -> str | None:
    """The message of an object: its sentence, else those of the errors in it."""
    title, detail = body.get("title"), body.get("detail")
    if isinstance(title, str) and isinstance(detail, str) and title != detail:
        return f"{title}: {detail}"
    if text := next(
        (body[name] for name in _MESSAGES if isinstance(body.get(name), str) and body[name]), None
    ):
        return str(text)
    several = (
        _messages(body[name]) for name in ("errors", "detail", "details", "message") if name in body
    )
    return next((text for text in several if text), None)


def _messages(errors: Any) -> str | None:
    """The messages of several errors, each with its place, in one text."""
    if isinstance(errors, dict):
        texts = [
            f"{name}: {text}" for name, value in errors.items() if (text := _one_of_several(value))
        ]
    elif isinstance(errors, list):
        texts = [text for error in errors if (text := _one_of_several(error))]
    else:
        return None
    return "; ".join(texts[:_MOST]) + ("; …" if texts[_MOST:] else "") or None


def _one_of_several(error: Any) -> str | None:
    if isinstance(error, str):
        return error
    if isinstance(error, list):
        return ", ".join(text for text in error if isinstance(text, str)) or None
    if not isinstance(error, dict):
        return None
    message = _message(error)
    source = error.get("source")
    place = _place(source) if isinstance(source, dict) else _place(error)
    return f"{place}: {message}" if place and message else message


def _place(error: Mapping[str, Any]) -> str | None:
    """Where an error is: a name, or the parts of a path, as FastAPI lists them."""
    value = next((error[name] for name in _PLACES if error.get(name)), None)
    if isinstance(value, list):
        return ".".join(str(part) for part in value)
    return value if isinstance(value, str) else None


def _text(body: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first text, or whole number, under one of the names; a number is no type."""
    return next(_texts(body, names), None)


def _texts(body: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        value = body.get(name)
        if isinstance(value, str) and value and (name != "status" or value.isupper()):
            yield value
        elif type(value) is int and names is _CODES:
            yield str(value)


def _firsts(bodies: list[Any], names: tuple[str, ...]) -> Iterator[str]:
    for body in bodies:
        if isinstance(body, dict):
            yield from _texts(body, names)
