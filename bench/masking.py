"""What masking secrets costs: python bench/masking.py [ROUNDS]

Each figure is a ratio of two times in the same run, the median of many pairs, so that it holds on any
machine. First, for recordings in which every exchange has a finding: reading and judging with masking / the
same without it (target: at most 2). Then a list of 20,000 coupons with code, token and signature each, of
which each has one finding: judging it / judging the same list with harmless names (target: at most 3).
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import structs

from wirecheck.checks import Judge
from wirecheck.checks.subject import Subject
from wirecheck.model import Exchange
from wirecheck.recordings import read
from wirecheck.redact import Masked, Redactor
from wirecheck.spec import Spec, load
from wirecheck.spec.text import parse

ROOT = Path(__file__).parents[1]
MOST, MOST_OF_COUPONS = 2.0, 3.0
COUPONS = 20_000
SECRET, HARMLESS = ("code", "token", "signature"), ("kode", "tokex", "sygnature")


class Bare(Masked):
    """Shows everything."""

    def text(self, text: str) -> str:
        return text

    def pointer(self, text: str) -> str:
        return text

    def value(self, value: Any, path: Iterable[str | int] = ()) -> str:
        shown = "an object" if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)
        return shown if len(shown) <= 60 else f"{shown[:59]}…"


class BareRedactor(Redactor):
    """Masks nothing."""

    def masked(self, exchange: Exchange) -> Masked:
        return Bare(self, ())


class BareJudge(Judge):
    """A judge that masks nothing."""

    def subject(self, exchange: Exchange) -> Subject:
        return Subject(structs.replace(self._contract, redactor=BareRedactor()), exchange)


def user(body: Any, number: int) -> None:
    body["data"]["username"] = number


def page(body: Any, number: int) -> None:
    item = json.dumps(body["data"][0])
    body["data"] = [json.loads(item.replace("-m4s", f"-m{number}x{place}")) for place in range(20)]
    body["data"][7]["created_time"] = number


def page_of_findings(body: Any, number: int) -> None:
    page(body, number)
    for place, item in enumerate(body["data"]):
        item["created_time"] = place


def page_of_secrets(body: Any, number: int) -> None:
    page(body, number)
    for place, item in enumerate(body["data"]):
        item["session_token"] = f"{number:04}k7Qm2xW9vT4bN8pR3z{place:04}"


def page_of_texts(body: Any, number: int) -> None:
    page(body, number)
    for place, item in enumerate(body["data"]):
        at = f"{number:04}{place:04}"
        item["caption"]["text"] = (
            f'Snow \u2744 <3 with @ada & @bela\n#snow "{at}" http://a.test/?utm_source={at}'
        )
        for image in item["images"].values():
            image["url"] += f"?ig_cache_key=MTEyNzgzODA5NzA2MTQ1{at}%3D%3D.2"


# By kind of exchange: the entry of the example, how often it is repeated, and what makes it have a finding.
KINDS: dict[str, tuple[int, int, Callable[[Any, int], None]]] = {
    "a user": (0, 400, user),
    "a page of 20 media": (1, 20, page),
    "a page of 20 media with a finding each": (1, 20, page_of_findings),
    "a page of 20 media with captions and links": (1, 20, page_of_texts),
    "a page of 20 media with a token each": (1, 20, page_of_secrets),
}


def write(path: Path, kind: str) -> None:
    """Write a recording in which every exchange has a finding."""
    recording = json.loads((ROOT / "examples" / "traffic.har").read_text(encoding="utf-8"))
    place, count, change = KINDS[kind]
    entry = recording["log"]["entries"][place]
    content = entry["response"]["content"]
    recording["log"]["entries"] = []
    for number in range(count):
        body = json.loads(content["text"])
        change(body, number)
        changed = content | {"text": json.dumps(body)}
        response = entry["response"] | {"content": changed}
        recording["log"]["entries"].append(entry | {"response": response})
    path.write_text(json.dumps(recording), encoding="utf-8")


def seconds(judge: Judge, exchanges: Iterable[Exchange]) -> float:
    began = time.process_time()
    for exchange in exchanges:
        if not judge.judge(exchange).findings:
            raise SystemExit(f"{exchange.source}#{exchange.entry} has no finding")
    return time.process_time() - began


def ratio(rounds: int, numerator: Callable[[], float], denominator: Callable[[], float]) -> float:
    """The median of ratios of two measurements that take turns."""
    numerator(), denominator()
    ratios = []
    for number in range(rounds):
        first, second = (numerator, denominator) if number % 2 else (denominator, numerator)
        times = {first: first(), second: second()}
        ratios.append(times[numerator] / times[denominator])
    return statistics.median(ratios)


def coupons(names: tuple[str, ...]) -> tuple[Judge, list[Exchange]]:
    item = {"properties": {**{name: {"type": "string"} for name in names}, "price": {"type": "integer"}}}
    content = {"application/json": {"schema": {"type": "array", "items": item}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Coupons", "version": "1"},
        "paths": {"/coupons": {"get": {"responses": {"200": {"description": "All.", "content": content}}}}},
    }
    items = [
        {**{name: f"k7Qm2xW9{number:05}{name[:1]}Z" for name in names}, "price": "9.99"}
        for number in range(COUPONS)
    ]
    exchange = Exchange(
        source="coupons",
        entry=0,
        method="GET",
        url="https://coupons.test/coupons",
        status=200,
        response_headers=(("content-type", "application/json"),),
        response_body=json.dumps(items).encode(),
    )
    return Judge(Spec(parse(json.dumps(document), "coupons.json"))), [exchange]


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    spec = load(ROOT / "spec" / "openapi.yaml")
    masking, bare = Judge(spec), BareJudge(spec)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "recording.har")
        for kind in KINDS:
            write(path, kind)
            cost = ratio(rounds, lambda: seconds(masking, read(path)), lambda: seconds(bare, read(path)))
            sys.stdout.write(f"{kind}: with masking / without: {cost:.2f} (target: at most {MOST:.1f})\n")
    secret, harmless = coupons(SECRET), coupons(HARMLESS)
    cost = ratio(max(rounds // 5, 3), lambda: seconds(*secret), lambda: seconds(*harmless))
    sys.stdout.write(
        f"{COUPONS:,} coupons: with secrets / with harmless names: {cost:.2f} "
        f"(target: at most {MOST_OF_COUPONS:.1f})\n"
    )


if __name__ == "__main__":
    main()
