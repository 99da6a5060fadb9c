"""What the search for secrets leaves out has none: it finds what a search of every string would find."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.canaries import CANARY, HELD_OUT, NAMES, OTHER_NAMES, leaks
from support.judging import HOST, JSON, api
from wirecheck.masking.names import Names, is_link
from wirecheck.model import Exchange
from wirecheck.redact import MASK, Redactor, members, places
from wirecheck.redact.hints import hinted
from wirecheck.redact.members import MemberNames

TOKENS = [
    *("eyJhbGciOi.J9aaaa.x", "ghp_k7Qm2xW9vT4bN8pR3z", "ghr_k7Qm2xW9vT4bN8pR3z", "glpat-k7Qm2xW9vT4bN8pR"),
    *(
        "github_pat_k7Qm2xW9vT4bN8pR3z",
        "sk_live_k7Qm2xW9vT4b",
        "rk_test_k7Qm2xW9vT4b",
        "hvb.k7Qm2xW9vT4bN8pR3zk7Q",
    ),
    *("whsec_k7Qm2xW9vT4bN8p/+=", "sk-k7Qm2xW9vT4bN8pR3zk7Q", "T12345678/B12345678/k7Qm2xW9vT4bN8pR"),
    *("xoxb-k7Qm2xW9vT4b", "xapp-k7Qm2xW9vT4b", "AKIAK7QM2XW9VT4B", "ASIAK7QM2XW9VT4B", "ya29.k7Qm2xW9vT4b"),
    *("AIzak7Qm2xW9vT4bN8pR3zk7Q", "SG.k7Qm2xW9vT4bN8pR3.k7Qm2xW9vT4bN8pR3", "pypi-k7Qm2xW9vT4bN8pR3"),
    *("npm_k7Qm2xW9vT4bN8pR3zk7Qm2xW9vT4bN8", "hvs.k7Qm2xW9vT4bN8pR3zk7Q", "shpat_0123456789abcdef01"),
    *("dop_v1_k7Qm2xW9vT4bN8pR3", "-----BEGIN PRIVATE KEY-----\nMIIk7Qm2xW9/vT4b\n-----END PRIVATE KEY-----"),
]
SECRETS = ["k7Qm2xW9vT4bN8pR3z", "k7Qm2xW9/vT4+bN8pR3z", "correct-horse", "12345678", "xkcdqwrtzp"]
WORDS = [
    *("token", "key", "api", "cache", "session", "id", "sess", "code", "count", "has", "azure", "pat", "tok"),
    *("recovery", "phrase", "backup", "codes", "pin", "reset", "basic", "value", "hash", "cookie", "company"),
    *("login", "ticket", "saml", "response", "connection", "string", "name", "filename", "ig", "keyhash"),
]
SEPARATORS = [
    "",
    "_",
    "-",
    ".",
    " ",
    "+",
    "%20",
    "%5F",
    "%2D",
    "é",
    "%C3%A9",
    "/",
    ":",
    "\n",
    "\\",
    "][",
    "2",
]
REDACTORS = [Redactor(), Redactor(("X-Company-Pass", "deviceThing2", "sk")), Redactor(with_codes=True)]

names = st.one_of(
    st.sampled_from([*NAMES, *OTHER_NAMES, *HELD_OUT.split()]),
    st.lists(
        st.tuples(
            st.sampled_from(SEPARATORS),
            st.sampled_from([*WORDS, "deviceThing"]).flatmap(
                lambda word: st.sampled_from([word, word.upper(), word.title(), word.replace("k", "\u212a")])
            ),
        ),
        min_size=1,
        max_size=4,
    ).map(lambda parts: "".join(text for part in parts for text in part)),
)
FORMS: dict[str, Callable[[str, str], str]] = {
    "pair": lambda name, secret: f"{name}={secret}",
    "URL": lambda name, secret: f"http://h/p?a=1&{name}={secret}&b=2",
    "member": lambda name, secret: f"{name}: {secret}",
    "JSON": lambda name, secret: json.dumps({name: secret}),
    "JSON in JSON": lambda name, secret: json.dumps({"a": json.dumps([{name: secret}])}),
    "key": lambda _, secret: json.dumps({secret: 1}),
    "single quotes": lambda name, secret: f"{{'{name}': '{secret}'}}",
    "XML": lambda name, secret: f"<{name}>{secret}</{name}>",
    "path": lambda name, secret: f"/x/{name}/{secret}/y",
    "prose": lambda name, secret: f"the {name} is {secret}.",
    "words": lambda name, secret: f"{name} {secret}",
    "user": lambda name, secret: f"ftp://{name}:{secret}@h/",
    "form": lambda name, secret: (
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{secret}\r\n--b--'
    ),
    "brackets": lambda name, secret: f"user[{name}]={secret}",
    "shape": lambda _, secret: f"({secret})",
}
SPELLINGS: list[Callable[[str], str]] = [str, str, str, lambda text: quote(text, safe=""), quote, json.dumps]


@st.composite
def strings(draw: st.DrawFn) -> str:
    """A text with a secret or none, of which one sign may be escaped."""
    name, secret = draw(names), draw(st.sampled_from([*SECRETS, *TOKENS]))
    text = draw(st.sampled_from(SPELLINGS))(FORMS[draw(st.sampled_from(list(FORMS)))](name, secret))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text) - 1))
        sign = text[at]
        escapes = [
            quote(sign, safe=""),
            f"%{ord(sign) & 0x7F:02x}",
            f"%25{ord(sign) & 0x7F:02x}",
            f"\\{sign}",
        ]
        escapes.append(f"\\u{ord(sign):04x}")
        text = f"{text[:at]}{draw(st.sampled_from(escapes))}{text[at + 1 :]}"
    noise = st.sampled_from(
        ["", "a=b ", "@ada ", "\n@bela ", "<3", "%", "state=1&", "it's ", "{", "[", '"', "İ"]
    )
    return f"{draw(noise)}{text}{draw(noise)}"


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """A JSON text with such strings, of which one letter may be escaped."""
    first, second = draw(strings()), draw(strings())
    values: list[Any] = [first, [first, second], {"a": [{"b": first}], "c": second}, {first: 1}]
    value = draw(st.sampled_from(values))
    text = json.dumps(value, ensure_ascii=draw(st.booleans()))
    letters = [match.start() for match in re.finditer(r"(?<![\\%\w])[A-Za-z]", text)]
    if draw(st.booleans()) and letters:
        at = draw(st.sampled_from(letters))
        text = f"{text[:at]}\\u{ord(text[at]):04x}{text[at + 1 :]}"
    return text.replace("/", "\\/") if draw(st.booleans()) else text


def secrets(redactor: Redactor, body: str, known: Iterable[str] = ()) -> set[str]:
    search = places.Places(redactor.names, MemberNames(redactor.names, lambda: known), 100_000)
    exchange = Exchange(
        source="s", entry=0, method="GET", url=HOST, status=200, response_body=body.encode("utf-8", "replace")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "_WORTH", 0)
        return set(search.in_exchange(exchange, lambda _name, _value: ()))


_KEYS = ["a", "data", "code", "token", "csrfToken", "api_key", "client_id", "grant_type", "é", SECRETS[0], ""]
keys = st.one_of(st.sampled_from(_KEYS), names)


@st.composite
def objects(draw: st.DrawFn, depth: int = 0) -> str:
    """A JSON text of objects that may repeat their names, write them with escapes, and nest deeply."""
    kinds = ["scalar", "object", "array", *(["deep"] if not depth else [])]
    kind = draw(st.sampled_from(kinds if depth < 3 else kinds[:1]))
    if kind == "object":
        space = st.sampled_from(["", " ", "\n"])
        parts = draw(st.lists(st.tuples(keys, space, objects(depth + 1), st.booleans()), max_size=3))
        written_members = (
            f"{written(key, escaped=escaped)}{before}:{before}{value}"
            for key, before, value, escaped in parts
        )
        return f"{{{','.join(written_members)}}}"
    if kind == "array":
        return f"[{','.join(draw(st.lists(objects(depth + 1), max_size=3)))}]"
    if kind == "deep":
        levels = draw(st.integers(1, 10))
        return f"{'[' * levels}{draw(objects(1))}{']' * levels}"
    numbers = st.sampled_from(["1", "-0.5", "1e999", "NaN", "123456789012345678901234567890", "null", "true"])
    texts = st.one_of(st.sampled_from([*SECRETS, *TOKENS, '"code"', '"token": 1']), strings())
    return draw(st.one_of(numbers, texts.map(json.dumps)))


def written(key: str, *, escaped: bool) -> str:
    """A key as JSON, perhaps with its last sign as an escape."""
    return f'{json.dumps(key[:-1])[:-1]}\\u{ord(key[-1]):04x}"' if key and escaped else json.dumps(key)


def everything(text: str, _names: Names) -> Iterator[str]:
    yield from (match[0] for match in re.finditer(r'"(?:[^"\\]|\\.)*+"', text, re.DOTALL))


SECRET = SECRETS[0]
FORM = '--b\r\nContent-Disposition: form-data; {}"{}tokenizer"\r\n\r\n{}\r\n--b--'
# Strings of JSON, each with one sign of a secret.
SIGNS = {
    "backslash": rf"x=1&to\\ken={SECRET}",
    "escape of a letter": rf"x=1&\u0074oken={SECRET}",
    "kelvin sign": rf"x=1&to\u212aen={SECRET}",
    "dotted capital I": f"İ=1&token={SECRET}",
    "percent": f"x=1&%2574oken={SECRET}",
    "percent-encoded letter": f"x=1&%74oken={SECRET}",
    "percent-encoded digit": f"x=1&zip%37x={SECRET}",
    "percent-encoded kelvin sign": f"x=1&to%E2%84%AAen={SECRET}",
    "object": json.dumps(json.dumps({SECRET: 1}))[1:-1],
    "object on lines": json.dumps(json.dumps({SECRET: 1}, indent=1))[1:-1],
    "percent-encoded object": f"http://h/?x=%7B%22{SECRET}%22:1%7D",
    "user": f"ftp://ada:{SECRET}@h/",
    "percent-encoded user": f"ftp%3A%2F%2Fada%3A{SECRET}%40h%2F",
    "part whose name is cut off": json.dumps(FORM.format("name=", "a/" * 47 + "/", SECRET))[1:-1],
    "the same, encoded": quote(FORM.format("name=", "a/" * 47 + "/", SECRET)),
    "webhook": r"x=T12345678\/B12345678\/k7Qm2xW9vT4bN8pR",
    "percent-encoded webhook": "http://h/?x=T12345678%2FB12345678%2Fk7Qm2xW9vT4bN8pR",
    "percent-encoded dash": "http://h/?x=sk%2Dk7Qm2xW9vT4bN8pR3zk7Q",
    "percent-encoded dot": "http://h/?x=SG%2Ek7Qm2xW9vT4bN8pR3.k7Qm2xW9vT4bN8pR3",
    "another percent-encoded dot": "http://h/?x=hvs%2Ek7Qm2xW9vT4bN8pR3zk7Q",
    "private key": r"-----BEGIN PRIVATE KEY-----\nMIIk7Qm2xW9vT4b=\n-----END PRIVATE KEY-----",
    "dot within a shape": "http://h/?x=eyJhbGciOi%2EJ9aaaa.x",
    "name behind a line break": rf"x=1\ntok={SECRET}",
    "name behind an encoded sign": f"x %3Dtok={SECRET}",
    "name in two words": f"x=1 api key {SECRET}",
    "name of two words": f"x=1 security answer {SECRET}",
    "name with a short end": f"x=1 azure pat {SECRET}",
    "name with a short end in parts": f"x=1&sess[id]={SECRET}",
    "long name": f"http://h/?x=1&tok{'sha' * 50}={SECRET}",
    "scheme": f"x=1 Basic {SECRET}",
    "link": f"http://h/magic/{SECRET}/?x=1",
    "path": f"http://h/reset-password/{SECRET}/",
    "path with a dotted capital I": f"http://h/pathap\u0130/{SECRET}/",
    "code": f"http://h/?code={SECRET}&state=1",
    "added name": f"x=1&device[thing]={SECRET}",
    "added name in capitals": f"x=1&DEVICE-THING={SECRET}",
}
ADDED = Redactor(("deviceThing2", "zip7x", "eyj", "pathapi"))


def of_every_string(redactor: Redactor, body: str) -> set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "hinted", everything)
        return without_scanners(redactor, body)


def without_scanners(redactor: Redactor, body: str) -> set[str]:
    """The secrets that are found where each scanner says that anything may be in any text."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((places, "scanner"), (members, "scanner"), (places, "_may_have_piece")):
            patch.setattr(module, name, lambda _: lambda _: True)
        return secrets(redactor, body)


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_of_a_secret_is_enough(sign: str) -> None:
    body = f'[{{"a": "b"}}, "{SIGNS[sign]}", "x=1"]'
    expected = of_every_string(ADDED, body)
    assert expected
    assert secrets(ADDED, body) == expected


@settings(max_examples=300)
@given(body=bodies(), redactor=st.sampled_from(REDACTORS))
def test_whatever_a_search_of_every_string_finds_is_found(body: str, redactor: Redactor) -> None:
    assert of_every_string(redactor, body) <= secrets(redactor, body)


@settings(max_examples=300)
@given(body=st.one_of(bodies(), strings()), redactor=st.sampled_from(REDACTORS))
def test_what_scanners_leave_out_has_no_secrets(body: str, redactor: Redactor) -> None:
    assert secrets(redactor, body) == without_scanners(redactor, body)


@pytest.mark.parametrize("token", TOKENS)
def test_each_well_known_token_is_found(token: str) -> None:
    assert token.partition("\n")[0] in "\n".join(secrets(Redactor(), f"({token})"))


@settings(max_examples=300)
@given(body=objects(), known=st.sets(keys), redactor=st.sampled_from(REDACTORS))
def test_known_names_of_members_change_nothing(body: str, known: set[str], redactor: Redactor) -> None:
    assert secrets(redactor, body, known) == secrets(redactor, body)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"a": {{"token": "{SECRET}"}}, "a": 1}}',
        f'{{"token": "{SECRET}", "token": 1}}',
        f'{{"to\\u006ben": "{SECRET}"}}',
        f'{{"token"\n: "{SECRET}"}}',
        f'{{"a": "{SECRET}", "data": [{{"{SECRET}": 1}}]}}',
        f'{{"code": "{SECRET}", "grant_type": 1}}',
        f'{{"a": {"[" * 20}{{"token": "{SECRET}"}}{"]" * 20}}}',
    ],
)
def test_a_secret_below_a_known_name_is_found(body: str) -> None:
    known = ["a", "data", "token", "code", "grant_type", SECRET]
    assert SECRET in secrets(Redactor(), body, known)


@given(name=names, redactor=st.sampled_from(REDACTORS))
def test_each_name_of_a_secret_has_a_part_that_says_so(name: str, redactor: Redactor) -> None:
    table = redactor.names
    parts = re.findall(r"[\w.-]+", name)
    if table.strength(name) or table.is_mentioned(name) or is_link(name):
        assert any(table.may_name(part) for part in parts if any(p in part.lower() for p in table.pieces))


@pytest.mark.parametrize(
    "text",
    [
        "https://cdn.test/t51.2885-15/s640x640/e35/1_2_n.jpg?ig_cache_key=MTEyNzgzODA5NzA2%3D%3D.2",
        "First #snow with my friends @ada @bela \n@carl 100% <3 it's http://example.com/?utm_source=ig",
        "caf\u00e9 = \U0001f600 / \u043a\u043e\u0442",
    ],
)
def test_what_is_in_many_bodies_is_no_hint(text: str) -> None:
    assert not list(hinted(json.dumps({"text": text}), Names()))
    assert not list(hinted(json.dumps({"\u0130zmir": text}, ensure_ascii=False), Names()))


INTEGERS = {"additionalProperties": {"type": "integer"}}
JUDGE = api(
    {"responses": {"200": {"description": "Any.", "content": {"application/json": {"schema": INTEGERS}}}}}
)
FILLER = [
    {"text": f"a long page = {number}", "url": f"{HOST}/?ig_cache_key={number:026}%3D"}
    for number in range(400)
]


def shown(body: dict[str, Any], *, escaped: str = "") -> str:
    """Everything that the findings show of a response, in which the name ``escaped`` is."""
    text = json.dumps(body)
    if escaped:
        text = text.replace(f'"{escaped}"', f'"\\u{ord(escaped[0]):04x}{escaped[1:]}"')
    exchange = Exchange(
        source="s",
        entry=0,
        method="GET",
        url=f"{HOST}/things",
        status=200,
        response_headers=JSON,
        response_body=text.encode(),
    )
    return "\n".join(f"{each.message}\n{each.pointer}" for each in JUDGE.judge(exchange).findings)


@pytest.mark.parametrize(
    ("body", "escaped"),
    [
        ({"user": [{"token": CANARY}], "note": f"rejected {CANARY}"}, ""),
        ({"user": [{"token": CANARY}], CANARY: "a"}, ""),
        ({"user": [{"token": CANARY}], "note": quote(CANARY, safe="")}, ""),
        ({"user": [{"token": CANARY}], "note": CANARY[::-1]}, ""),
        ({"user": [{"token": CANARY}], "note": CANARY.encode().hex()}, ""),
        ({"token": CANARY, "note": f"rejected {CANARY}"}, "token"),
        ({"a": json.dumps({"token": CANARY}), "note": f"rejected {CANARY}"}, "token"),
        ({"url": f"{HOST}/?a=1&%74oken={quote(CANARY)}", "note": f"rejected {CANARY}"}, ""),
        ({"note": f"rejected {CANARY}", "more": FILLER, "url": f"{HOST}/?token={quote(CANARY)}"}, ""),
        ({"note": f"rejected {CANARY}", "more": [*FILLER, {"session": {"key": CANARY}}]}, ""),
        ({"note": f"rejected {CANARY}", "more": [*FILLER, f"the api key is {CANARY} = it"]}, ""),
        ({"more": FILLER, "a": json.dumps({"session": {"key": CANARY}}), quote(CANARY, safe=""): "a"}, ""),
        ({"more": FILLER, "html": f'<a href="{HOST}/?token={quote(CANARY)}">', "note": CANARY[::-1]}, ""),
        (
            {
                "note": CANARY,
                "more": [*FILLER, f"\U0001f600 {HOST}/reset-password/{quote(CANARY, safe='')}/"],
            },
            "",
        ),
        ({"user": [{"token": CANARY}], f"{'a b ' * 300}{CANARY}": "a long name"}, ""),
    ],
)
def test_a_secret_elsewhere_in_the_body_is_not_shown(body: dict[str, Any], escaped: str) -> None:
    text = shown(body, escaped=escaped)
    assert MASK in text
    for spelling in (CANARY, CANARY[::-1], CANARY.encode().hex(), quote(CANARY, safe="")):
        assert not leaks(text, spelling)
