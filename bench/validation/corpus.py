"""Recordings and bodies made from a seed: the same seed gives the same bytes, of any size, in a stream."""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

from bench.validation.responses import Responses

Kind = Literal["pages", "small"]

_HOST = "api.instagram.com"
_REASONS = {200: "OK", 400: "BAD REQUEST"}


class Corpus(NamedTuple):
    """What a corpus is made of: pages of media of 43 KB, or small bodies of 1.6 KB, both on average.

    One exchange in ``every`` violates the schema of its response, none where that is 0.
    """

    kind: Kind
    seed: int = 18
    every: int = 0


class Exchange(NamedTuple):
    """A response as it is recorded: the path in the document and that of the request, with its query.

    ``schema`` is a pointer, ``is_valid`` whether the body matches that.
    """

    template: str
    target: str
    status: int
    schema: str
    is_valid: bool
    body: str


def exchanges(corpus: Corpus) -> Iterator[Exchange]:
    """All exchanges of a corpus, without an end; each depends on the seed and its number alone."""
    responses = Responses(corpus.seed)
    draw = responses.page if corpus.kind == "pages" else responses.small
    for number in itertools.count():
        chance = random.Random(f"{corpus.kind} {corpus.seed} {number}")
        response = draw(chance)
        is_valid = corpus.every == 0 or number % corpus.every != corpus.every // 2
        if not is_valid:
            chance.choice(response.faults)(response.body)
        target = (
            response.path
            + ("&" if "?" in response.path else "?")
            + f"access_token=1001.1677ed0.{_key(chance)}"
        )
        text = _serialized(chance, response.body)
        yield Exchange(response.template, f"/v1{target}", response.status, response.schema, is_valid, text)


def write_bodies(path: Path, corpus: Corpus, count: int) -> None:
    """Writes exchanges without their headers, one in JSON on each line."""
    with path.open("w", encoding="utf-8") as file:
        for exchange in itertools.islice(exchanges(corpus), count):
            file.write(json.dumps(exchange._asdict()) + "\n")


def write_har(path: Path, corpus: Corpus, *, megabytes: float = 0, entries: int = 0) -> int:
    """Writes exchanges until there are so many megabytes or entries; returns the number of entries."""
    number = size = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [\n')
        for number, exchange in enumerate(exchanges(corpus), 1):
            size += file.write((",\n" if number > 1 else "") + json.dumps(_entry(corpus, number, exchange)))
            if size >= megabytes * 1e6 and number >= entries:
                break
        file.write("\n]}}\n")
    return number


def _serialized(chance: random.Random, body: dict[str, Any]) -> str:
    """As frameworks write JSON: half of them escape slashes and all that is not ASCII."""
    if chance.random() < 0.5:
        return json.dumps(body, separators=(",", ":")).replace("/", "\\/")
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _key(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _entry(corpus: Corpus, number: int, exchange: Exchange) -> dict[str, Any]:
    chance = random.Random(f"headers {corpus.seed} {number}")
    length = len(exchange.body.encode())
    moment = datetime(2015, 11, 1) + timedelta(seconds=number % (28 * 86400))
    request_headers = {
        "Host": _HOST,
        "Connection": "keep-alive",
        "Accept": "application/json, text/javascript, */*; q=0.01",
        "Origin": "https://viewer.example.com",
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/46.0.2490.86 Safari/537.36",
        "Referer": "https://viewer.example.com/gallery",
        "Accept-Encoding": "gzip, deflate, sdch",
        "Accept-Language": "en-US,en;q=0.8,fr;q=0.6",
        "Cookie": f"csrftoken={_key(chance)}; mid=Vj{chance.randrange(10**12)}",
        "Cache-Control": "no-cache",
        "Pragma": "no-cache",
        "DNT": "1",
    }
    response_headers = {
        "Content-Language": "en",
        "Content-Type": "application/json; charset=utf-8",
        "Cache-Control": "private, no-cache, no-store, must-revalidate",
        "Pragma": "no-cache",
        "Expires": "Sat, 01 Jan 2000 00:00:00 GMT",
        "Vary": "Cookie, Accept-Language, Accept-Encoding",
        "Date": moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "X-Ratelimit-Limit": "5000",
        "X-Ratelimit-Remaining": str(chance.randrange(5000)),
        "Set-Cookie": f"csrftoken={_key(chance)}; Max-Age=31449600; Path=/",
        "Connection": "keep-alive",
        "Content-Length": str(length),
        "Server": "nginx",
    }
    query = parse_qsl(exchange.target.partition("?")[2])
    waited = chance.randrange(20, 400)
    return {
        "startedDateTime": f"{moment.isoformat()}.000Z",
        "time": waited + 2,
        "request": {
            "method": "GET",
            "url": f"https://{_HOST}{exchange.target}",
            "httpVersion": "HTTP/1.1",
            "headers": _pairs(request_headers),
            "queryString": [{"name": name, "value": value} for name, value in query],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": exchange.status,
            "statusText": _REASONS[exchange.status],
            "httpVersion": "HTTP/1.1",
            "headers": _pairs(response_headers),
            "cookies": [],
            "content": {
                "size": length,
                "mimeType": "application/json; charset=utf-8",
                "text": exchange.body,
            },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": length,
        },
        "cache": {},
        "timings": {"send": 1, "wait": waited, "receive": 1},
    }


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]
