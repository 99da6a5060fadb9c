"""Servers that count what comments may have, but not as the rules say."""

import html
import json
import re
import unicodedata
from urllib.parse import quote

from mutants import Mutant
from mutants.rules import TAG, URL, count, rule, shouts


def _small(text: str) -> int:
    return sum(map(str.islower, text))


def _capital(text: str) -> int:
    return sum(map(str.isupper, text))


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _without(pattern: str, text: str) -> str:
    return re.sub(pattern, "", text)


MISCOUNTING: dict[str, Mutant] = {
    "lines-free": rule("length", lambda text: len(text.replace("\n", "")) > 300, "line feeds count nothing"),
    "lines-of-two": rule(
        "length", lambda text: len(text.replace("\n", "\r\n")) > 300, "a line feed counts as two characters"
    ),
    "each-line-counted": rule(
        "length", lambda text: max(map(len, text.split("\n"))) > 300, "each line may have 300 characters"
    ),
    "spaces-free": rule(
        "length", lambda text: len(_without(r"\s", text)) > 300, "white space counts nothing"
    ),
    "spaces-joined-counted": rule(
        "length", lambda text: len(re.sub(r"\s+", " ", text)) > 300, "white space counts as one space"
    ),
    "joiners-free": rule(
        "length", lambda text: len(_without("[\u200d\ufe0f]", text)) > 300, "what joins emoji counts nothing"
    ),
    "flags-as-one": rule(
        "length",
        lambda text: len(re.sub("[\U0001f1e6-\U0001f1ff]{2}", "f", text)) > 300,
        "a flag counts as one character",
    ),
    "tags-free": rule("length", lambda text: len(_without(TAG, text)) > 300, "hashtags count nothing"),
    "urls-free": rule(
        "length", lambda text: len(_without(URL + r"\S*", text)) > 300, "addresses count nothing"
    ),
    "escaped-counted": rule("length", lambda text: len(html.escape(text)) > 300, "as escaped for HTML"),
    "quoted-counted": rule("length", lambda text: len(quote(text)) > 300, "as encoded in the request"),
    "json-counted": rule("length", lambda text: len(json.dumps(text)) > 302, "as written in JSON"),
    "decomposed-counted": rule(
        "length", lambda text: len(unicodedata.normalize("NFD", text)) > 300, "the decomposed form is counted"
    ),
    "wide-as-two": rule(
        "length",
        lambda text: sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text) > 300,
        "wide characters count as two",
    ),
    "ascii-lengths": rule(
        "length", lambda text: text.isascii() and len(text) > 300, "only texts of ASCII are measured"
    ),
    "bounded-hashtags": rule(
        "hashtags", lambda text: count(rf"(?<!\w){TAG}", text) > 4, "none count right behind a letter"
    ),
    "short-tags-free": rule(
        "hashtags", lambda text: count(r"#[^\s#]{2}", text) > 4, "hashtags of one character do not count"
    ),
    "emoji-tags-free": rule("hashtags", lambda text: count(r"#\w", text) > 4, "hashtags of emoji do not"),
    "underscores-free": rule(
        "hashtags", lambda text: count(r"#(?!_)(?:\w|[^\x00-\x7f\s])", text) > 4, "not with an underscore"
    ),
    "written-once": rule(
        "hashtags",
        lambda text: len(set(re.findall(TAG, text))) > 4,
        "those that are written alike count once",
    ),
    "words-with-tags": rule(
        "hashtags", lambda text: sum(count(TAG, one) > 0 for one in text.split()) > 4, "words that have some"
    ),
    "doubled-signs-free": rule(
        "hashtags", lambda text: count(rf"(?<!#){TAG}", text) > 4, "none count behind another sign"
    ),
    "first-line-tags": rule(
        "hashtags", lambda text: count(TAG, _first_line(text)) > 4, "hashtags of the first line count"
    ),
    "first-words-tags": rule(
        "hashtags", lambda text: count(TAG, text[:140]) > 4, "hashtags among the first 140 characters count"
    ),
    "mentions-counted": rule("hashtags", lambda text: count(r"[#@]\w", text) > 4, "mentions count, too"),
    "wide-signs-counted": rule(
        "hashtags", lambda text: count(TAG.replace("#", "[#＃]"), text) > 4, "full-width signs count, too"
    ),
    "tags-of-addresses-free": rule(
        "hashtags", lambda text: count(TAG, _without(URL + r"\S*", text)) > 4, "not within an address"
    ),
    "www-counted": rule("urls", lambda text: count(URL + r"|\bwww\.", text) > 1, "www counts, too"),
    "any-scheme-counted": rule("urls", lambda text: text.count("://") > 1, "any scheme counts, and none"),
    "hosts-counted": rule(
        "urls", lambda text: count(URL + r"|(?<![/.\w])\w+\.(?:com|org)\b", text) > 1, "names of hosts count"
    ),
    "dotless-free": rule(
        "urls", lambda text: count(URL + r"[^\s/]+\.\w", text) > 1, "an address without a dot does not count"
    ),
    "bounded-urls": rule("urls", lambda text: count(r"(?i)\bhttps?://", text) > 1, "none behind a letter"),
    "empty-urls-free": rule("urls", lambda text: count(URL + r"\w", text) > 1, "none without a host"),
    "one-case-urls": rule(
        "urls",
        lambda text: count("(?:https?|HTTPS?)://", text) > 1,
        "none in mixed capitals and small letters",
    ),
    "distinct-urls": rule(
        "urls",
        lambda text: len(set(re.findall(URL + r"\S*", text.lower()))) > 1,
        "an address that is repeated counts once",
    ),
    "first-line-urls": rule("urls", lambda text: count(URL, _first_line(text)) > 1, "of the first line"),
    "words-with-urls": rule(
        "urls", lambda text: sum(count(URL, one) > 0 for one in text.split()) > 1, "words that have some"
    ),
    "short-may-shout": rule(
        "capitals", lambda text: shouts(text) and len(text) > 3, "up to three characters may be capitals"
    ),
    "one-may-shout": rule(
        "capitals", lambda text: shouts(text) and _capital(text) > 1, "one capital alone is taken"
    ),
    "one-word-may-shout": rule(
        "capitals", lambda text: shouts(text) and len(text.split()) > 1, "a single word is taken"
    ),
    "long-may-shout": rule(
        "capitals", lambda text: shouts(text) and len(text) < 100, "from 100 characters on they are taken"
    ),
    "first-line-shouts": rule(
        "capitals", lambda text: shouts(_first_line(text)), "capitals in the first line are enough"
    ),
    "ascii-small": rule(
        "capitals",
        lambda text: _capital(text) and not re.search("[a-z]", text),
        "only ASCII has small letters",
    ),
    "few-small": rule(
        "capitals",
        lambda text: _capital(text) > 4 * _small(text) and len(text) > 4,
        "one small letter in five is too few",
    ),
    "caseless-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and all(map(str.isupper, filter(str.isalpha, text))),
        "a letter without cases among capitals is enough",
    ),
    "emoji-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search("[\U00010000-\U0010ffff]", text),
        "an emoji among capitals is enough",
    ),
    "lines-break-capitals": rule(
        "capitals", lambda text: shouts(text) and "\n" not in text, "a line feed among capitals is enough"
    ),
    "tags-may-not-whisper": rule(
        "capitals", lambda text: shouts(_without(TAG, text)), "small letters of hashtags do not count"
    ),
    "addresses-whisper-not": rule(
        "capitals", lambda text: shouts(_without(URL + r"\S*", text)), "nor do those of addresses"
    ),
    "titles-refused": rule(
        "capitals", lambda text: shouts(text) or text.istitle(), "words with initial capitals are refused"
    ),
    "capitals-first-refused": rule(
        "capitals", lambda text: shouts(text[:6].strip()), "it is enough to begin with capitals"
    ),
}
"""Rules that are held, but for what is counted in another way."""
