"""Rules of comments that are not enforced, or reject what they should accept."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from mutants import Mutant
from mutants.app import Forward, Request, Response


def shouts(text: str) -> bool:
    return any(map(str.isupper, text)) and not any(map(str.islower, text))


TAG = r"#(?:\w|[^\x00-\x7f\s])+"
URL = r"(?i)https?://"
CORRECT: dict[str, Callable[[str], Any]] = {
    "length": lambda text: len(text) > 300,
    "hashtags": lambda text: count(TAG, text) > 4,
    "urls": lambda text: count(URL, text) > 1,
    "capitals": shouts,
}
"""What the contract rejects a comment for."""
REJECTED = {
    "length": "x" * 301,
    "hashtags": "#one #two #three #four #five",
    "urls": "http://example.com http://example.org",
    "capitals": "LOUD",
}
"""A comment that violates the rule and no other."""
_PLACEHOLDER = re.compile(rb'"text number ([0-9]+)\."')


class Comments:
    """A server with its own rules for the texts of comments, and its own way to store them.

    The correct server stores a placeholder, which is replaced by the text in its responses.
    """

    def __init__(self, rules: dict[str, Callable[[str], Any]], stored: Callable[[str], str] = str) -> None:
        self._rules, self._stored = CORRECT | rules, stored
        self._texts: list[bytes] = []

    async def __call__(self, request: Request, forward: Forward) -> Response:
        text = request.values.get("text")
        if request.operation != "createComment" or not text:
            response = await forward(request)
            return replace(response, body=self._restored(response.body))
        for name, violated in self._rules.items():
            if violated(text):
                return await forward(request.with_values(text=REJECTED[name]))
        return await forward(request.with_values(text=self.placeholder(text)))

    def placeholder(self, text: str) -> str:
        self._texts.append(json.dumps(self._stored(text)).encode())
        return f"text number {len(self._texts) - 1}."

    def _restored(self, body: bytes) -> bytes:
        return _PLACEHOLDER.sub(lambda match: self._texts[int(match[1])], body)


class StoringRejected(Comments):
    """It stores what it rejects."""

    async def __call__(self, request: Request, forward: Forward) -> Response:
        response = await super().__call__(request, forward)
        if request.operation == "createComment" and b"Your comment" in response.body:
            await forward(request.with_values(text=self.placeholder(request.values["text"])))
        return response


def count(pattern: str, text: str) -> int:
    return len(re.findall(pattern, text))


def rule(name: str, violated: Callable[[str], Any], description: str, only: str = "") -> Mutant:
    return Mutant("rules", description, ("createComment",), partial(Comments, {name: violated}), only)


def _stores(change: Callable[[str], str], description: str) -> Mutant:
    return Mutant("rules", description, ("createComment",), partial(Comments, {}, change))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class Misnaming(Comments):
    """A violation of one rule is rejected as one of another."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__({})
        self._names = names

    async def __call__(self, request: Request, forward: Forward) -> Response:
        text = request.values.get("text", "")
        for name, other in self._names.items():
            if request.operation == "createComment" and CORRECT[name](text):
                return await forward(request.with_values(text=REJECTED[other]))
        return await super().__call__(request, forward)


def _misnamed(description: str, **names: str) -> Mutant:
    return Mutant("rules", description, ("createComment",), partial(Misnaming, names))


RULES = {
    "length-named-otherwise": _misnamed("a comment that is too long is rejected for its URLs", length="urls"),
    "hashtags-named-otherwise": _misnamed("too many hashtags are rejected as capitals", hashtags="capitals"),
    "capitals-named-otherwise": _misnamed("capitals are rejected as too long", capitals="length"),
    "bytes-counted": rule("length", lambda text: len(text.encode()) > 300, "the limit is 300 bytes"),
    "utf-16-counted": rule(
        "length", lambda text: len(text.encode("utf-16-le")) > 600, "the limit is 300 UTF-16 code units"
    ),
    "graphemes-counted": rule(
        "length",
        lambda text: sum(not unicodedata.combining(item) for item in text) > 300,
        "combining marks are not counted",
    ),
    "composed-counted": rule(
        "length", lambda text: len(_composed(text)) > 300, "the composed form (NFC) is counted"
    ),
    "trimmed-counted": rule(
        "length", lambda text: len(text.strip()) > 300, "leading and trailing spaces are not counted"
    ),
    "299-at-most": rule("length", lambda text: len(text) > 299, "300 characters are rejected"),
    "301-taken": rule("length", lambda text: len(text) > 301, "301 characters are accepted"),
    "length-unchecked": rule("length", lambda _: False, "any length is accepted", "max-length"),
    "ascii-hashtags": rule(
        "hashtags", lambda text: count(r"(?a)#\w+", text) > 4, "only ASCII hashtags count"
    ),
    "letter-hashtags": rule(
        "hashtags", lambda text: count(r"#[^\W\d]", text) > 4, "hashtags of digits do not count"
    ),
    "five-hashtags": rule("hashtags", lambda text: count(TAG, text) > 5, "five hashtags are accepted"),
    "four-hashtags": rule("hashtags", lambda text: count(TAG, text) > 3, "four hashtags are rejected"),
    "spaced-hashtags": rule(
        "hashtags", lambda text: count(rf"(?<!\S){TAG}", text) > 4, "hashtags count only after a space"
    ),
    "signs-counted": rule(
        "hashtags", lambda text: text.count("#") > 4, "number signs count without a word after them"
    ),
    "distinct-hashtags": rule(
        "hashtags",
        lambda text: len(set(re.findall(TAG, text.lower()))) > 4,
        "a repeated hashtag counts once",
    ),
    "hashtags-unchecked": rule("hashtags", lambda _: False, "hashtags are not counted", "max-hashtags"),
    "http-only": rule("urls", lambda text: count(r"(?i)http://", text) > 1, "https does not count"),
    "https-only": rule("urls", lambda text: count(r"(?i)https://", text) > 1, "http does not count"),
    "small-urls": rule(
        "urls", lambda text: count("https?://", text) > 1, "URLs with a scheme in capitals do not count"
    ),
    "two-urls": rule("urls", lambda text: count(URL, text) > 2, "two URLs are accepted"),
    "one-url": rule("urls", lambda text: count(URL, text) > 0, "one URL is rejected"),
    "spaced-urls": rule(
        "urls", lambda text: count(r"(?i)(?<!\S)https?://", text) > 1, "URLs count only after a space"
    ),
    "ascii-urls": rule("urls", lambda text: count(URL + "[a-zA-Z]", text) > 1, "only ASCII URLs count"),
    "urls-unchecked": rule("urls", lambda _: False, "URLs are not counted", "max-urls"),
    "ascii-capitals": rule(
        "capitals",
        lambda text: re.search("[A-Z]", text) and not re.search("[a-z]", text),
        "only ASCII letters are checked for capitals",
    ),
    "digits-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search(r"\d", text),
        "capitals are accepted with a digit among them",
    ),
    "signs-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search(r"[^\w\s]", text),
        "capitals are accepted with punctuation among them",
    ),
    "spaces-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and " " not in text,
        "capitals are accepted with a space among them",
    ),
    "caseless-refused": rule(
        "capitals",
        lambda text: any(map(str.isalpha, text)) and text == text.upper(),
        "caseless scripts are rejected",
    ),
    "digits-refused": rule(
        "capitals",
        lambda text: not any(map(str.islower, text)),
        "texts without a lower-case letter are rejected",
    ),
    "mostly-capitals": rule(
        "capitals",
        lambda text: sum(map(str.isupper, text)) > sum(map(str.islower, text)),
        "texts of mostly capitals are rejected",
    ),
    "capitals-unchecked": rule("capitals", lambda _: False, "capitals are accepted", "not-all-capitals"),
    "text-trimmed": _stores(str.strip, "leading and trailing spaces are removed"),
    "spaces-joined": _stores(
        lambda text: re.sub(r"\s+", " ", text), "runs of white space are stored as one space"
    ),
    "text-composed": _stores(_composed, "texts are stored composed (NFC)"),
    "text-decomposed": _stores(
        lambda text: unicodedata.normalize("NFD", text), "texts are stored decomposed (NFD)"
    ),
    "text-escaped": _stores(escape, "texts are stored escaped for HTML"),
    "text-cut": _stores(lambda text: text[:299], "texts are cut after 299 characters"),
    "bytes-cut": _stores(
        lambda text: text.encode()[:300].decode(errors="ignore"), "texts are cut after 300 bytes"
    ),
    "emoji-lost": _stores(
        lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text), "emoji are stored as question marks"
    ),
    "ascii-stored": _stores(
        lambda text: text.encode("ascii", "replace").decode(),
        "characters beyond ASCII are stored as question marks",
    ),
    "tags-lowered": _stores(
        lambda text: re.sub(TAG, lambda tag: tag[0].lower(), text), "hashtags are stored in lower case"
    ),
    "lines-joined": _stores(lambda text: text.replace("\n", " "), "line feeds are stored as spaces"),
    "refused-but-stored": Mutant(
        "rules", "rejected comments are stored", ("createComment",), partial(StoringRejected, {})
    ),
}
