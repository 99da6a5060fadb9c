"""Rules of comments that count otherwise than the contract."""

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
    "lines-free": rule(
        "length", lambda text: len(text.replace("\n", "")) > 300, "line feeds are not counted"
    ),
    "lines-of-two": rule(
        "length", lambda text: len(text.replace("\n", "\r\n")) > 300, "a line feed counts as two characters"
    ),
    "each-line-counted": rule(
        "length", lambda text: max(map(len, text.split("\n"))) > 300, "each line may have 300 characters"
    ),
    "spaces-free": rule(
        "length", lambda text: len(_without(r"\s", text)) > 300, "white space is not counted"
    ),
    "spaces-joined-counted": rule(
        "length",
        lambda text: len(re.sub(r"\s+", " ", text)) > 300,
        "a run of white space counts as one space",
    ),
    "joiners-free": rule(
        "length", lambda text: len(_without("[\u200d\ufe0f]", text)) > 300, "emoji joiners are not counted"
    ),
    "flags-as-one": rule(
        "length",
        lambda text: len(re.sub("[\U0001f1e6-\U0001f1ff]{2}", "f", text)) > 300,
        "a flag counts as one character",
    ),
    "tags-free": rule(
        "length", lambda text: len(_without(TAG, text)) > 300, "hashtags are not counted in the length"
    ),
    "urls-free": rule(
        "length", lambda text: len(_without(URL + r"\S*", text)) > 300, "URLs are not counted in the length"
    ),
    "escaped-counted": rule(
        "length", lambda text: len(html.escape(text)) > 300, "the text escaped for HTML is counted"
    ),
    "quoted-counted": rule("length", lambda text: len(quote(text)) > 300, "the URL-encoded text is counted"),
    "json-counted": rule(
        "length", lambda text: len(json.dumps(text)) > 302, "the text as a JSON string is counted"
    ),
    "decomposed-counted": rule(
        "length",
        lambda text: len(unicodedata.normalize("NFD", text)) > 300,
        "the decomposed form (NFD) is counted",
    ),
    "wide-as-two": rule(
        "length",
        lambda text: sum(1 + (unicodedata.east_asian_width(item) in "WF") for item in text) > 300,
        "wide characters count as two",
    ),
    "ascii-lengths": rule(
        "length", lambda text: text.isascii() and len(text) > 300, "only ASCII texts are measured"
    ),
    "bounded-hashtags": rule(
        "hashtags",
        lambda text: count(rf"(?<!\w){TAG}", text) > 4,
        "a hashtag right after a letter does not count",
    ),
    "short-tags-free": rule(
        "hashtags", lambda text: count(r"#[^\s#]{2}", text) > 4, "hashtags of one character do not count"
    ),
    "emoji-tags-free": rule(
        "hashtags", lambda text: count(r"#\w", text) > 4, "hashtags of emoji do not count"
    ),
    "underscores-free": rule(
        "hashtags",
        lambda text: count(r"#(?!_)(?:\w|[^\x00-\x7f\s])", text) > 4,
        "a hashtag that starts with an underscore does not count",
    ),
    "written-once": rule(
        "hashtags",
        lambda text: len(set(re.findall(TAG, text))) > 4,
        "hashtags that are written alike count once",
    ),
    "words-with-tags": rule(
        "hashtags",
        lambda text: sum(count(TAG, item) > 0 for item in text.split()) > 4,
        "each word with hashtags counts once",
    ),
    "doubled-signs-free": rule(
        "hashtags",
        lambda text: count(rf"(?<!#){TAG}", text) > 4,
        "a hashtag right after a number sign does not count",
    ),
    "first-line-tags": rule(
        "hashtags", lambda text: count(TAG, _first_line(text)) > 4, "only hashtags of the first line count"
    ),
    "first-words-tags": rule(
        "hashtags",
        lambda text: count(TAG, text[:140]) > 4,
        "only hashtags within the first 140 characters count",
    ),
    "mentions-counted": rule("hashtags", lambda text: count(r"[#@]\w", text) > 4, "mentions count, too"),
    "wide-signs-counted": rule(
        "hashtags", lambda text: count(TAG.replace("#", "[#＃]"), text) > 4, "full-width signs count, too"
    ),
    "tags-of-addresses-free": rule(
        "hashtags",
        lambda text: count(TAG, _without(URL + r"\S*", text)) > 4,
        "hashtags within a URL do not count",
    ),
    "www-counted": rule("urls", lambda text: count(URL + r"|\bwww\.", text) > 1, "www. counts as a URL, too"),
    "any-scheme-counted": rule("urls", lambda text: text.count("://") > 1, "every :// counts as a URL"),
    "hosts-counted": rule(
        "urls",
        lambda text: count(URL + r"|(?<![/.\w])\w+\.(?:com|org)\b", text) > 1,
        "host names count as URLs, too",
    ),
    "dotless-free": rule(
        "urls", lambda text: count(URL + r"[^\s/]+\.\w", text) > 1, "a URL without a dot does not count"
    ),
    "bounded-urls": rule(
        "urls", lambda text: count(r"(?i)\bhttps?://", text) > 1, "a URL right after a letter does not count"
    ),
    "empty-urls-free": rule(
        "urls", lambda text: count(URL + r"\w", text) > 1, "a URL without a host does not count"
    ),
    "one-case-urls": rule(
        "urls",
        lambda text: count("(?:https?|HTTPS?)://", text) > 1,
        "a URL with a scheme in mixed case does not count",
    ),
    "distinct-urls": rule(
        "urls",
        lambda text: len(set(re.findall(URL + r"\S*", text.lower()))) > 1,
        "a repeated URL counts once",
    ),
    "first-line-urls": rule(
        "urls", lambda text: count(URL, _first_line(text)) > 1, "only URLs of the first line count"
    ),
    "words-with-urls": rule(
        "urls",
        lambda text: sum(count(URL, item) > 0 for item in text.split()) > 1,
        "each word with URLs counts once",
    ),
    "short-may-shout": rule(
        "capitals", lambda text: shouts(text) and len(text) > 3, "up to three capitals are accepted"
    ),
    "one-may-shout": rule(
        "capitals", lambda text: shouts(text) and _capital(text) > 1, "a single capital is accepted"
    ),
    "one-word-may-shout": rule(
        "capitals",
        lambda text: shouts(text) and len(text.split()) > 1,
        "a single word of capitals is accepted",
    ),
    "long-may-shout": rule(
        "capitals",
        lambda text: shouts(text) and len(text) < 100,
        "from 100 characters on, capitals are accepted",
    ),
    "first-line-shouts": rule(
        "capitals", lambda text: shouts(_first_line(text)), "a first line of capitals is rejected"
    ),
    "ascii-small": rule(
        "capitals",
        lambda text: _capital(text) and not re.search("[a-z]", text),
        "only ASCII letters count as lower case",
    ),
    "few-small": rule(
        "capitals",
        lambda text: _capital(text) > 4 * _small(text) and len(text) > 4,
        "one lower-case letter in five is too few",
    ),
    "caseless-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and all(map(str.isupper, filter(str.isalpha, text))),
        "capitals are accepted with a caseless letter among them",
    ),
    "emoji-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and not re.search("[\U00010000-\U0010ffff]", text),
        "capitals are accepted with an emoji among them",
    ),
    "lines-break-capitals": rule(
        "capitals",
        lambda text: shouts(text) and "\n" not in text,
        "capitals are accepted with a line feed among them",
    ),
    "tags-may-not-whisper": rule(
        "capitals", lambda text: shouts(_without(TAG, text)), "lower-case letters of hashtags do not count"
    ),
    "addresses-whisper-not": rule(
        "capitals",
        lambda text: shouts(_without(URL + r"\S*", text)),
        "lower-case letters of URLs do not count",
    ),
    "titles-refused": rule(
        "capitals", lambda text: shouts(text) or text.istitle(), "texts in title case are rejected"
    ),
    "capitals-first-refused": rule(
        "capitals", lambda text: shouts(text[:6].strip()), "texts that begin with capitals are rejected"
    ),
}
"""Mutants that check every rule, but count in another way."""
