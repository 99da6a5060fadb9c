"""Rules of comments that are not held, or hold for what they should not."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any

from mutants import Mutant
from mutants.faulty import Answer, Ask, Request


def shouts(text: str) -> bool:
    return any(map(str.isupper, text)) and not any(map(str.islower, text))


TAG = r"#(?:\w|[^\x00-\x7f\s])+"
URL = r"(?i)https?://"
RIGHT: dict[str, Callable[[str], Any]] = {
    "length": lambda text: len(text) > 300,
    "hashtags": lambda text: count(TAG, text) > 4,
    "urls": lambda text: count(URL, text) > 1,
    "capitals": shouts,
}
"""What a comment is refused for, as it should be."""
REFUSED = {
    "length": "x" * 301,
    "hashtags": "#one #two #three #four #five",
    "urls": "http://example.com http://example.org",
    "capitals": "LOUD",
}
"""A comment that is refused for it, and for nothing else."""
_NAMED = re.compile(rb'"text number ([0-9]+)\."')


class Comments:
    """A server with rules of its own for the texts of comments, and its own way to store them.

    A text stands under another name at the right server, and is put into what that answers.
    """

    def __init__(self, rules: dict[str, Callable[[str], Any]], stored: Callable[[str], str] = str) -> None:
        self._rules, self._stored = RIGHT | rules, stored
        self._texts: list[bytes] = []

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        given = request.values.get("text")
        if request.operation != "createComment" or not given:
            answer = await ask(request)
            return replace(answer, body=self._shown(answer.body))
        for name, broken in self._rules.items():
            if broken(given):
                return await ask(request.having(text=REFUSED[name]))
        return await ask(request.having(text=self.name(given)))

    def name(self, given: str) -> str:
        self._texts.append(json.dumps(self._stored(given)).encode())
        return f"text number {len(self._texts) - 1}."

    def _shown(self, answered: bytes) -> bytes:
        return _NAMED.sub(lambda found: self._texts[int(found[1])], answered)


class Careless(Comments):
    """It stores what it refuses."""

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await super().__call__(request, ask)
        if request.operation == "createComment" and b"Your comment" in answer.body:
            await ask(request.having(text=self.name(request.values["text"])))
        return answer


def count(pattern: str, text: str) -> int:
    return len(re.findall(pattern, text))


def rule(name: str, refused: Callable[[str], Any], text: str, only: str = "") -> Mutant:
    return Mutant("rules", text, ("createComment",), partial(Comments, {name: refused}), only)


def _stores(change: Callable[[str], str], text: str) -> Mutant:
    return Mutant("rules", text, ("createComment",), partial(Comments, {}, change))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


class Misnaming(Comments):
    """What breaks one rule is refused as if it broke another."""

    def __init__(self, named: dict[str, str]) -> None:
        super().__init__({})
        self._named = named

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        given = request.values.get("text", "")
        for name, other in self._named.items():
            if request.operation == "createComment" and RIGHT[name](given):
                return await ask(request.having(text=REFUSED[other]))
        return await super().__call__(request, ask)


def _misnamed(text: str, **named: str) -> Mutant:
    return Mutant("rules", text, ("createComment",), partial(Misnaming, named))


RULES = {
    "length-named-otherwise": _misnamed("a long comment is said to have too many URLs", length="urls"),
    "hashtags-named-otherwise": _misnamed("many hashtags are said to be capitals", hashtags="capitals"),
    "capitals-named-otherwise": _misnamed("capitals are said to be too long", capitals="length"),
    "bytes-counted": rule("length", lambda text: len(text.encode()) > 300, "300 bytes are the most"),
    "utf-16-counted": rule(
        "length", lambda text: len(text.encode("utf-16-le")) > 600, "300 units of UTF-16 are"
    ),
    "graphemes-counted": rule(
        "length",
        lambda text: sum(not unicodedata.combining(one) for one in text) > 300,
        "marks count nothing",
    ),
    "composed-counted": rule(
        "length", lambda text: len(_composed(text)) > 300, "the composed form is counted"
    ),
    "trimmed-counted": rule(
        "length", lambda text: len(text.strip()) > 300, "spaces at the ends count nothing"
    ),
    "299-at-most": rule("length", lambda text: len(text) > 299, "300 characters are too many"),
    "301-taken": rule("length", lambda text: len(text) > 301, "301 characters are taken"),
    "length-unchecked": rule("length", lambda _: False, "any length is taken", "max-length"),
    "ascii-hashtags": rule(
        "hashtags", lambda text: count(r"(?a)#\w+", text) > 4, "only hashtags of ASCII count"
    ),
    "letter-hashtags": rule(
        "hashtags", lambda text: count(r"#[^\W\d]", text) > 4, "hashtags of digits do not"
    ),
    "five-hashtags": rule("hashtags", lambda text: count(TAG, text) > 5, "five hashtags are taken"),
    "four-hashtags": rule("hashtags", lambda text: count(TAG, text) > 3, "four hashtags are refused"),
    "spaced-hashtags": rule(
        "hashtags", lambda text: count(rf"(?<!\S){TAG}", text) > 4, "hashtags count behind spaces only"
    ),
    "signs-counted": rule("hashtags", lambda text: text.count("#") > 4, "signs count without a word behind"),
    "distinct-hashtags": rule(
        "hashtags",
        lambda text: len(set(re.findall(TAG, text.lower()))) > 4,
        "a hashtag that is repeated counts once",
    ),
    "hashtags-unchecked": rule("hashtags", lambda _: False, "hashtags are not counted", "max-hashtags"),
    "http-only": rule("urls", lambda text: count(r"(?i)http://", text) > 1, "https does not count"),
    "https-only": rule("urls", lambda text: count(r"(?i)https://", text) > 1, "http does not count"),
    "small-urls": rule("urls", lambda text: count("https?://", text) > 1, "URLs in capitals do not count"),
    "two-urls": rule("urls", lambda text: count(URL, text) > 2, "two URLs are taken"),
    "one-url": rule("urls", lambda text: count(URL, text) > 0, "one URL is refused"),
    "spaced-urls": rule(
        "urls", lambda text: count(r"(?i)(?<!\S)https?://", text) > 1, "URLs count behind spaces"
    ),
    "ascii-urls": rule("urls", lambda text: count(URL + "[a-zA-Z]", text) > 1, "only URLs of ASCII count"),
    "urls-unchecked": rule("urls", lambda _: False, "URLs are not counted", "max-urls"),
    "ascii-capitals": rule(
        "capitals",
        lambda text: re.search("[A-Z]", text) and not re.search("[a-z]", text),
        "only ASCII has capitals",
    ),
    "digits-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search(r"\d", text),
        "a digit among capitals is enough",
    ),
    "signs-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search(r"[^\w\s]", text),
        "punctuation among them is enough",
    ),
    "spaces-break-capitals": rule(
        "capitals", lambda text: shouts(text) and " " not in text, "a space among capitals is enough"
    ),
    "caseless-refused": rule(
        "capitals",
        lambda text: any(map(str.isalpha, text)) and text == text.upper(),
        "caseless scripts are refused",
    ),
    "digits-refused": rule(
        "capitals", lambda text: not any(map(str.islower, text)), "what has no small letter is refused"
    ),
    "mostly-capitals": rule(
        "capitals",
        lambda text: sum(map(str.isupper, text)) > sum(map(str.islower, text)),
        "mostly capitals are refused",
    ),
    "capitals-unchecked": rule("capitals", lambda _: False, "capitals are taken", "not-all-capitals"),
    "text-trimmed": _stores(str.strip, "spaces at the ends are cut"),
    "spaces-joined": _stores(lambda text: re.sub(r"\s+", " ", text), "white space becomes one space"),
    "text-composed": _stores(_composed, "texts are composed"),
    "text-decomposed": _stores(lambda text: unicodedata.normalize("NFD", text), "texts are decomposed"),
    "text-escaped": _stores(escape, "texts are escaped for HTML"),
    "text-cut": _stores(lambda text: text[:299], "texts end behind 299 characters"),
    "bytes-cut": _stores(
        lambda text: text.encode()[:300].decode(errors="ignore"), "texts end behind 300 bytes"
    ),
    "emoji-lost": _stores(
        lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text), "emoji become question marks"
    ),
    "ascii-stored": _stores(
        lambda text: text.encode("ascii", "replace").decode(), "other than ASCII becomes ?"
    ),
    "tags-lowered": _stores(
        lambda text: re.sub(TAG, lambda tag: tag[0].lower(), text), "hashtags become small"
    ),
    "lines-joined": _stores(lambda text: text.replace("\n", " "), "line feeds become spaces"),
    "refused-but-stored": Mutant(
        "rules", "what is refused is stored", ("createComment",), partial(Careless, {})
    ),
}
