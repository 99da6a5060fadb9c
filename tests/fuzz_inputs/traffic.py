"""Doors of recordings: HAR and JSON Lines, judged against a document and reported."""

import base64
import io
import json
from collections.abc import Iterator, Sequence
from functools import cache, partial
from urllib.parse import quote

from fuzz_inputs.common import UNUSABLE, Json, corpus, depot, judge, vocabulary
from fuzz_inputs.harness import CANARY, Door
from fuzz_inputs.mutator import Mutator
from wirecheck.checks import Hosts
from wirecheck.cli.base_path import BasePaths
from wirecheck.recordings import Reader, har, jsonl
from wirecheck.reports import FORMATS
from wirecheck.reports.collect import Collector

HOST = "https://main.depot.test/v3"
CRATE = {
    "id": 7,
    "label": "a-1",
    "weight": 2.5,
    "content": {"pieces": 3, "kind": "goods"},
    "owner": "ada@depot.test",
}
PROBLEM = {"error": {"type": "NotFound", "message": "There is no such crate."}}
TREE = [{"name": "root", "children": [{"name": "leaf", "children": []}]}]
PAGE = {
    "crates": [CRATE, {"id": 8, "label": "b", "weight": 1, "content": {"litres": 1.5}}],
    "next": "8",
    "x-a": "b",
}
USER = {"name": "Ada", "site": "https://ada.test/", "ip": "127.0.0.1"}
NEW = {"label": "a-1", "weight": 2.5, "tags": ["a", "b"], "at": "2021-02-28T12:00:00Z"}
FORM = "label=a-1&weight=2.5&tags=a&tags=b"
PARTS = '--x\r\nContent-Disposition: form-data; name="label"\r\n\r\na-1\r\n--x--\r\n'

# Method, URL, Content-Type and body of the request, status and body of the response.
EXCHANGES: Sequence[tuple[str, str, str, Json, int, Json]] = (
    (
        "GET",
        "/crates?limit=2&ids=1%7C2&kind=wood&kind=steel&where=%7B%22a%22%3A%22b%22%7D",
        "",
        None,
        200,
        PAGE,
    ),
    ("GET", "/crates.json?after=8", "", None, 429, PROBLEM),
    ("POST", "/crates", "application/json", NEW, 201, CRATE),
    ("POST", "/crates/", "application/x-www-form-urlencoded", FORM, 201, CRATE),
    ("POST", "/crates", "multipart/form-data; boundary=x", PARTS, 400, PROBLEM),
    ("GET", "/crates/7", "", None, 200, CRATE),
    ("HEAD", "/crates/7", "", None, 404, ""),
    ("DELETE", "/crates/7", "", None, 204, ""),
    ("GET", "/files/plan-2.txt", "", None, 200, "a,b\nc,d"),
    ("GET", "/bays/.1,2/;marks=a;marks=b", "", None, 200, TREE),
    ("POST", "/users", "application/json", USER, 201, USER),
    ("PUT", "/users", "application/json", USER, 405, PROBLEM),
    ("GET", "/nothing/7", "", None, 404, "<html>"),
)
_HEADERS = (
    ("X-Trace", "7f1c2b9e-3c54-4f0e-9d27-0c7b1f0f8f11"),
    ("Cookie", "lang=en; theme=dark"),
    ("Accept", "*/*"),
)
_SECRET_HEADERS = ("Authorization", "X-Auth-Token", "X-Api-Key", "Private-Token", "Proxy-Authorization")
_SECRET_NAMES = ("access_token", "password", "client_secret", "refreshToken", "api_key", "csrf_token")


def _written(body: Json) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def _har_entry(method: str, url: str, kind: str, sent: Json, status: int, received: Json) -> Json:
    request: Json = {"method": method, "url": HOST + url, "headers": [_pair(*header) for header in _HEADERS]}
    if sent is not None:
        request["postData"] = {"mimeType": kind, "text": _written(sent)}
    text = _written(received)
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    headers = [
        _pair("Content-Type", "application/json"),
        _pair("X-RateLimit-Remaining", "99"),
        _pair("Server", "x"),
    ]
    return {
        "startedDateTime": "2021-02-28T12:00:00Z",
        "time": 12.5,
        "request": request,
        "response": {"status": status, "headers": headers, "content": content, "bodySize": len(text)},
    }


def _pair(name: str, value: str) -> Json:
    return {"name": name, "value": value}


def _line(method: str, url: str, kind: str, sent: Json, status: int, received: Json) -> Json:
    headers = {**dict(_HEADERS), **({"Content-Type": kind} if kind else {})}
    request = {"method": method, "url": HOST + url, "headers": headers, "body": sent}
    response = {
        "Content-Type": "application/json",
        "X-RateLimit-Remaining": "99",
        "Set-Cookie": ["theme=dark", "a=b"],
    }
    return {"request": request, "status": status, "headers": response, "body": received, "elapsed": 0.25}


def _judged(reader: Reader, content: bytes) -> Iterator[str]:
    """What `check` does with a recording."""
    judging = judge()
    base_paths = BasePaths(depot(), Hosts(depot()), judging.redactor)
    collector = Collector(depot())
    try:
        for exchange in reader("a.har", io.BytesIO(content)):
            verdict = judging.judge(exchange)
            collector.add(verdict, exchange)
            if verdict.operation is None and verdict.skipped is None:
                base_paths.add(exchange)
        report = collector.report()
        for report_format in FORMATS.values():
            yield "".join(report_format(report))
        yield base_paths.suggestion()
    finally:
        collector.close()


def _mutant(mutator: Mutator, entries: Sequence[Json], texts: Sequence[bytes], *, is_har: bool) -> bytes:
    """A recording of one to three exchanges, some of them mutated, some with a secret where it is secret."""
    if texts and mutator.chance(0.1):
        return mutator.content(mutator.random.choice(texts))
    written = []
    for _ in range(mutator.random.choice((1, 1, 1, 1, 2, 3))):
        entry = mutator.random.choice(entries)
        if mutator.chance(0.6):
            entry = _inside(mutator, entry, is_har=is_har)
        if mutator.chance(0.6):
            entry = mutator.leaf(entry) if mutator.chance(0.4) else mutator.value(entry)
        if mutator.chance(0.3):
            entry = _with_secret(mutator, entry, is_har=is_har)
        written.append(entry)
    if not is_har:
        return b"\n".join(mutator.json(entry, one_line=True) for entry in written)
    whole = {"log": {"version": "1.2", "creator": {"name": "a"}, "entries": written}}
    return mutator.json(mutator.value(whole) if mutator.chance(0.1) and CANARY not in str(written) else whole)


def _inside(mutator: Mutator, entry: Json, *, is_har: bool) -> Json:
    """The entry with its URL or one of its bodies mutated: what the judge reads, not the format."""
    request, choice = entry["request"], mutator.random.randrange(4)
    if choice == 0:
        return {**entry, "request": {**request, "url": mutator.within(request["url"])}}
    if choice == 1:
        return _with_request_body(mutator, entry, is_har=is_har)
    if not is_har:
        body = entry["body"]
        return {**entry, "body": mutator.within(body) if isinstance(body, str) else mutator.value(body)}
    response, content = entry["response"], entry["response"]["content"]
    text = _body(mutator, content["text"])
    if mutator.chance(0.05):
        coded = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
        content = {**content, "text": coded, "encoding": "base64"}
    else:
        content = {**content, "text": text}
    return {**entry, "response": {**response, "content": content}}


def _body(mutator: Mutator, text: str) -> str:
    """A body, changed by its structure if it is JSON."""
    if text[:1] in ("{", "[") and mutator.chance(0.8):
        return mutator.json(mutator.value(json.loads(text))).decode("utf-8", "replace")
    return mutator.within(text)


def _with_request_body(mutator: Mutator, entry: Json, *, is_har: bool) -> Json:
    request = entry["request"]
    if is_har:
        if "postData" not in request:
            return entry
        data = {**request["postData"], "text": _body(mutator, request["postData"]["text"])}
        return {**entry, "request": {**request, "postData": data}}
    body = request["body"]
    if body is None:
        return entry
    changed = mutator.within(body) if isinstance(body, str) else mutator.value(body)
    return {**entry, "request": {**request, "body": changed}}


def _with_secret(mutator: Mutator, entry: Json, *, is_har: bool) -> Json:
    """The entry with a secret where it is one, and in some cases repeated by the response."""
    if not isinstance(entry, dict) or not isinstance(entry.get("request"), dict):
        return entry
    request, choice = dict(entry["request"]), mutator.random.randrange(3)
    if choice == 0:
        name = mutator.random.choice(_SECRET_HEADERS)
        value = f"Bearer {CANARY}" if "uthorization" in name else CANARY
        headers = request.get("headers")
        if is_har:
            request["headers"] = [*(headers if isinstance(headers, list) else []), _pair(name, value)]
        else:
            request["headers"] = {**(headers if isinstance(headers, dict) else {}), name: value}
    elif choice == 1 and isinstance(url := request.get("url"), str) and "#" not in url:
        separator = "&" if "?" in url else "?"
        request["url"] = f"{url}{separator}{mutator.random.choice(_SECRET_NAMES)}={CANARY}"
    else:
        body = {mutator.random.choice(_SECRET_NAMES): CANARY, "label": 1}
        if is_har:
            request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
        else:
            request["body"] = body
            request.pop("body_base64", None)
    entry = {**entry, "request": request}
    if mutator.chance(0.5):
        repeated = {"label": CANARY, "message": f"What is {quote(CANARY)}?", CANARY: [CANARY]}
        if not is_har:
            entry["body"] = repeated
        elif isinstance(entry.get("response"), dict):
            content = {"mimeType": "application/json", "text": json.dumps(repeated)}
            entry["response"] = {**entry["response"], "content": content}
    return entry


@cache
def _seeds(name: str) -> list[bytes]:
    return corpus(name)


def doors() -> Iterator[Door]:
    entries = [_har_entry(*exchange) for exchange in EXCHANGES]
    lines = [_line(*exchange) for exchange in EXCHANGES]
    words = vocabulary([entries, lines, PAGE, USER, NEW, PROBLEM])
    for name, reader, values in (
        ("recordings-har", har.read, entries),
        ("recordings-jsonl", jsonl.read, lines),
    ):
        texts = _seeds(name)
        mutant = partial(_mutant, entries=values, texts=texts, is_har=reader is har.read)
        yield Door(name, mutant, partial(_judged, reader), UNUSABLE, words, 5000, 4.0)
