"""Doors of texts: what masks secrets, what cleans the output, what routes URLs, what decodes forms."""

import base64
import json
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import quote

from fuzz_inputs.common import UNUSABLE, Json, corpus, depot
from fuzz_inputs.harness import CANARY, Door
from fuzz_inputs.mutator import Mutator
from fuzz_inputs.traffic import CRATE, EXCHANGES, FORM, NEW, PARTS, USER
from fuzz_inputs.wire import addressed
from wirecheck import decode
from wirecheck.conform.encoding import below_server
from wirecheck.engine import Engine
from wirecheck.model import Exchange
from wirecheck.redact import Masked, Redactor, printable

# fmt: off
_SENTENCES = (
    "The token {} is not valid.", "password: {}", "Authorization: Bearer {}",
    "GET /v1/users?access_token={}&a=b", "https://ada:{}@depot.test/a", "<password>{}</password>",
    "/token/{}/a", "user[api_key]={}", "secret={}; path=/", '{{"client_secret": "{}"}}',
    "Set-Cookie: sid={}; HttpOnly", "-----BEGIN PRIVATE KEY-----\n{}\n", "The code is OK.",
    "basic authorization is required", "a=1&b=2&c=%41", "--x\r\nContent-Disposition: form-data; name=a",
    '{{"code": "E123", "items": [{{"code": "a"}}], "next": "https://a.test/?token={}"}}',
)
# fmt: on


@cache
def _redactor() -> Redactor:
    return Redactor.of(depot(), ["pet name"])


def _masked(content: bytes) -> Iterator[str]:
    """What masking does with any text, and with an exchange whose bodies are that text."""
    text = content.decode("utf-8", "replace")
    exchange = Exchange(
        source="a.har#0",
        entry=0,
        method="GET",
        url=f"https://depot.test/a?{text[:300]}",
        status=200,
        request_headers=(
            ("authorization", f"Bearer {CANARY}"),
            ("x-text", text[:300]),
            ("cookie", text[:300]),
        ),
        request_body=content,
        response_headers=(("set-cookie", text[:300]),),
        response_body=json.dumps({"message": text, "token": text[:50]}).encode(),
    )
    masked = _redactor().masked(exchange)
    yield printable(masked.text(text))
    yield printable(masked.pointer(text))
    yield printable(masked.value(text, ("items", 0, "label")))
    yield printable(Masked(_redactor(), [CANARY, text[:40]]).text(text))


def _redaction(mutator: Mutator) -> bytes:
    """A text with a secret where it is one: in clear, or encoded as servers echo it."""
    sentence = mutator.random.choice(_SENTENCES)
    for _ in range(mutator.random.choice((1, 1, 2, 5))):
        sentence = mutator.random.choice(
            (sentence + mutator.random.choice(_SENTENCES), mutator.within(sentence))
        )
    parts = sentence.replace("{{", "{").replace("}}", "}").split("{}")
    return "".join(part + _secret(mutator) for part in parts)[: -len(CANARY)].encode("utf-8", "surrogatepass")


def _secret(mutator: Mutator) -> str:
    spellings = (
        CANARY,
        quote(CANARY),
        base64.b64encode(CANARY.encode()).decode(),
        CANARY.encode().hex(),
        mutator.text(),
    )
    return CANARY if mutator.chance(0.5) else mutator.random.choice(spellings)


def _routed(content: bytes) -> Iterator[str]:
    """What routing does with the target of a request."""
    url = content.decode("utf-8", "surrogateescape")
    path, query = decode.split_url(url)
    decode.query_pairs(query)
    match = depot().match("GET", path)
    if match and match.operation:
        for parameter in match.operation.parameters:
            if parameter.name in match.values:
                decode.parameter_readings(depot().document, parameter, [match.values[parameter.name]])
    depot().covers(path)
    below_server(url, "https://{site}.depot.test/v3")
    yield ""


_URLS = tuple(f"https://main.depot.test/v3{url}" for _, url, *_ in EXCHANGES)
_PIECES = (
    "/crates",
    "/files/",
    "plan",
    "-2",
    ".txt",
    "/bays",
    "/.1,2",
    "/;marks=a",
    "//",
    "%2F",
    "%2e",
    ".json",
    "?",
    "&a=",
)


def _url(mutator: Mutator) -> bytes:
    url = mutator.within(mutator.random.choice(_URLS))
    for _ in range(mutator.random.choice((0, 1, 2, 6))):
        at = mutator.random.randint(0, len(url))
        url = url[:at] + mutator.random.choice(_PIECES) + url[at:]
    return url.encode(
        "utf-8",
        "surrogateescape"
        if all("\udc80" <= c <= "\udcff" for c in url if "\ud800" <= c <= "\udfff")
        else "replace",
    )


@cache
def _engine() -> Engine:
    return Engine(depot().document)


_SCHEMAS = ("NewCrate", "Crate", "Page", "Tree", "User", "Problem", "Label")


def _decoded(content: bytes) -> Iterator[str]:
    """What decoding and validation do with a body; the first line names its media type."""
    media_type, body = addressed(content)
    document = depot().document
    decoder = decode.FORMS.get(decode.essence(media_type))
    try:
        values: list[Json] = [decode.json_value(body)]
        if decoder:
            fields = decoder(body, media_type)
            values = decode.form_readings(document, "/components/schemas/NewCrate", fields)
    except decode.UndecodableError as error:
        yield printable(str(error))
        return
    engine, masked = _engine(), Masked(_redactor(), ())
    for value in values:
        for name in (*_SCHEMAS, *_SCHEMAS)[len(content) % len(_SCHEMAS) :][:2]:
            try:
                for violation in engine.violations(f"/components/schemas/{name}", value, masked.value):
                    yield printable(violation.problem)
            except ValueError:  # too deep; the judge says so
                return


_NESTED = "; filename=b\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--"
_BODIES: tuple[tuple[str, str], ...] = (
    ("application/x-www-form-urlencoded", FORM),
    ("multipart/form-data; boundary=x", PARTS),
    ("multipart/form-data; boundary=x", PARTS.replace("\r\n\r\na-1", _NESTED)),
    *(("application/json", json.dumps(value)) for value in (CRATE, NEW, USER, {"crates": [CRATE]})),
)
_TYPES = (
    "application/json",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="',
    "multipart/form-data;boundary*=utf-8''x",
)


def _body(mutator: Mutator) -> bytes:
    media_type, body = mutator.random.choice(_BODIES)
    if mutator.chance(0.15):
        media_type = mutator.random.choice((mutator.random.choice(_TYPES), mutator.within(media_type)))
    if body[0] == "{" and mutator.chance(0.75):
        content = mutator.json(mutator.value(json.loads(body)))
    else:
        content = mutator.content(body.encode())
    return f"# {media_type.splitlines()[0] if media_type else ''}\n".encode("utf-8", "replace") + content


def doors() -> Iterator[Door]:
    yield Door("redaction", _kept("redaction", _redaction), _masked, UNUSABLE, {}, 5000, 3.0)
    yield Door("paths", _kept("paths", _url), _routed, UNUSABLE, {}, 40_000, 24.0)
    yield Door("bodies", _kept("bodies", _body), _decoded, UNUSABLE, {}, 20_000, 30.0)


def _kept(name: str, make: Callable[[Mutator], bytes]) -> Callable[[Mutator], bytes]:
    """Makes inputs, some of them of those that are kept in the corpus."""
    kept = corpus(name)

    def mutant(mutator: Mutator) -> bytes:
        if kept and mutator.chance(0.05):
            return mutator.content(mutator.random.choice(kept))
        return make(mutator)

    return mutant
