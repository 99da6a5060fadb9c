"""A redacted exchange has pseudonyms instead of secrets, and is judged as the original is."""

import base64
import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from support.canaries import CANARY, canary, leaks, placements
from support.judging import api
from support.paths import CONTRACT, EXAMPLES, SHARED
from wirecheck.checks import Judge
from wirecheck.model import Exchange
from wirecheck.recordings import read
from wirecheck.redact import Redactor
from wirecheck.spec import load

SECRET = "Zq7Wv3Xy9Kp2Lm5N"
JSON = (("content-type", "application/json"),)
ANYTHING = {"content": {"application/json": {"schema": {"additionalProperties": {"type": "integer"}}}}}
THINGS = api({"responses": {"default": {"description": "Anything.", **ANYTHING}}})
OTHER_THINGS = api(THINGS.spec.document.get("/paths/~1things/get"), method="post")


def exchange(**changes: Any) -> Exchange:
    values = {"source": "s", "entry": 0, "method": "GET", "url": "https://h/a", "status": 200, **changes}
    return Exchange(**values)


def redacted(redactor: Redactor | None = None, **changes: Any) -> Exchange:
    safe = (redactor or Redactor()).redacted(exchange(**changes))
    assert safe is not None
    return safe


def body_of(body: Any, **changes: Any) -> Any:
    """The redacted JSON of a response body."""
    text = redacted(response_body=json.dumps(body).encode(), **changes).response_body
    assert text is not None
    return json.loads(text)


def everything(exchange: Exchange) -> str:
    """All texts of an exchange."""
    values = [
        value for headers in (exchange.request_headers, exchange.response_headers) for _, value in headers
    ]
    bodies = [(body or b"").decode() for body in (exchange.request_body, exchange.response_body)]
    return "\n".join((exchange.url, *values, *bodies))


def fingerprints(judge: Judge, exchange: Exchange) -> Counter[str]:
    return Counter(finding.fingerprint for finding in judge.judge(exchange).findings)


def kind(text: str) -> str:
    """A text with its letters and digits replaced by signs of what they are."""
    return re.sub(r"[0-9]", "0", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", text)))


# Everywhere, and judged the same


def test_no_canary_is_in_a_redacted_exchange_and_its_findings_are_the_same() -> None:
    redactor = Redactor.of(THINGS.spec)
    for name, place, encoding in placements()[::4]:
        original, echo = canary(name, place, encoding)
        safe = redactor.redacted(original)
        assert safe is not None, (name, place, encoding)
        assert not leaks(everything(safe), CANARY), (name, place, encoding)
        assert not leaks(everything(safe), echo), (name, place, encoding)
        judge = THINGS if original.method == "GET" else OTHER_THINGS
        assert fingerprints(judge, safe) == fingerprints(judge, original), (name, place, encoding)


RECORDINGS = [
    (CONTRACT, EXAMPLES / "traffic.har"),
    (EXAMPLES / "site" / "openapi.yaml", EXAMPLES / "site" / "traffic.har"),
    (EXAMPLES / "notes" / "openapi.yaml", EXAMPLES / "notes" / "traffic.har"),
    (CONTRACT, SHARED / "recordings" / "recorded.jsonl"),
]


@pytest.mark.no_cover
@pytest.mark.parametrize(("document", "recording"), RECORDINGS, ids=lambda path: path.parent.name)
def test_recordings_are_judged_as_before(document: Path, recording: Path) -> None:
    if not recording.exists():
        pytest.skip(f"{recording.name} is not at hand")
    judge = Judge(load(document))
    first, second = Redactor.of(judge.spec), Redactor.of(judge.spec)
    for original in read(recording):
        safe = first.redacted(original)
        assert safe is not None
        assert fingerprints(judge, safe) == fingerprints(judge, original)
        again = second.redacted(safe)
        assert again is not None
        assert kind(everything(again)) == kind(everything(safe)) == kind(everything(original))


# Pseudonyms


def test_a_secret_has_the_same_pseudonym_in_all_exchanges_and_spellings() -> None:
    redactor = Redactor()
    login = redacted(redactor, response_body=json.dumps({"access_token": SECRET}).encode())
    assert login.response_body is not None
    pseudonym = json.loads(login.response_body)["access_token"]
    assert pseudonym != SECRET
    assert kind(pseudonym) == kind(SECRET)
    after = redacted(
        redactor,
        url=f"https://h/a?cursor={SECRET}",
        request_headers=(("authorization", f"Bearer {SECRET}"), ("cookie", f'a="{SECRET}"')),
        request_body=base64.b64encode(f"ada:{SECRET}".encode()),
        response_body=f"not {SECRET.lower()} or {SECRET.encode().hex(':')}".encode(),
    )
    assert after.url == f"https://h/a?cursor={pseudonym}"
    assert after.request_headers == (("authorization", f"Bearer {pseudonym}"), ("cookie", f'a="{pseudonym}"'))
    assert after.request_body == base64.b64encode(f"ada:{pseudonym}".encode())
    assert after.response_body == f"not {pseudonym.lower()} or {pseudonym.encode().hex(':')}".encode()


@given(secret=st.from_regex(r"[abcdefXYZ][abcdef0123456789XYZ._~-]{0,9}[abcdef0-9]{5,20}", fullmatch=True))
def test_a_pseudonym_has_the_length_and_the_kinds_of_characters_of_its_secret(secret: str) -> None:
    [(_, value)] = redacted(request_headers=(("x-api-key", secret),)).request_headers
    assert kind(value) == kind(secret)
    if not re.search("[XYZ]", secret):
        assert not re.search("[g-z]", value)


def test_pseudonyms_do_not_depend_on_the_secrets() -> None:
    def pseudonyms(*secrets: str) -> list[str]:
        redactor = Redactor()
        return [redacted(redactor, url=f"https://h/?token={secret}").url for secret in secrets]

    assert pseudonyms("Ax3Ty8Mn", "Bw4Uz9Op") == pseudonyms("Qr5Cv1Kk", "Gh6De2Ll")


def test_different_secrets_have_different_pseudonyms_as_long_as_there_are_enough() -> None:
    redactor = Redactor()
    secrets = [f"{number}" for number in range(10, 60)]
    urls = [redacted(redactor, url=f"https://h/?pin={secret}&password=x{secret}y").url for secret in secrets]
    assert len(set(urls)) == len(secrets)
    for digit in range(1, 10):  # of which no other nine are left
        redacted(redactor, request_headers=(("x-api-key", str(digit)),))


@pytest.mark.parametrize(
    ("secret", "kept"),
    [
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1g", "eyJ"),
        ("1001.1677ed0.0123456789abcdef0123456789abcdef", "1001."),
        ("Bearer Zq7Wv3Xy9Kp2Lm5N", "Bearer "),
    ],
)
def test_what_says_of_which_kind_a_secret_is_stays(secret: str, kept: str) -> None:
    value = body_of({"token": secret})["token"]
    assert value.startswith(kept)
    assert not leaks(value, secret.removeprefix(kept))


def test_numbers_stay_numbers() -> None:
    value = body_of({"pin": 1034, "otp": 906050, "access_token": 12345678901, "count": 1034})
    assert kind(json.dumps(value)) == kind(
        '{"pin": 1034, "otp": 906050, "access_token": 12345678901, "count": 1034}'
    )
    assert value["count"] == 1034
    assert value["pin"] != 1034


# Places


@pytest.mark.parametrize("secret", ["k1", "ab12", "x9z", SECRET])
@pytest.mark.parametrize(
    "change",
    [
        lambda secret: {"url": f"https://ada:{secret}@h/a"},
        lambda secret: {"url": f"https://{secret}@h/a"},
        lambda secret: {"url": f"https://h/a?token={secret}&b=1"},
        lambda secret: {"url": f"https://h/a#access_token={secret}"},
        lambda secret: {"request_headers": (("authorization", f"Bearer {secret}"),)},
        lambda secret: {"request_headers": (("authorization", f'Digest username="a", response="{secret}"'),)},
        lambda secret: {"request_headers": (("x-api-key", secret),)},
        lambda secret: {"request_headers": (("cookie", f"theme=dark; session={secret}; a=1"),)},
        lambda secret: {"response_headers": (("set-cookie", f"session={secret}; Path=/"),)},
        lambda secret: {"request_body": f"a=1&password={secret}&b=2".encode()},
        lambda secret: {"request_body": json.dumps({"password": secret}).encode()},
        lambda secret: {"request_body": json.dumps({"body": json.dumps({"password": secret})}).encode()},
        lambda secret: {"response_body": f"<a><password>{secret}</password></a>".encode()},
        lambda secret: {
            "request_body": (
                f'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n{secret}\r\n--x--\r\n'
            ).encode()
        },
    ],
)
def test_short_secrets_are_replaced_where_their_names_are(change: Any, secret: str) -> None:
    original = exchange(**change(secret))
    safe = redacted(**change(secret))
    assert secret not in everything(safe)
    assert kind(everything(safe)) == kind(everything(original))


def test_values_deeper_below_a_secret_name_are_replaced() -> None:
    body = {"password": ["a1b2c", "123456"], "token": {"type": "bearer", "value": "x7y8z", "on": True}}
    value = body_of(body)
    assert kind(json.dumps(value)) == kind(json.dumps(body))
    assert value["token"]["type"] == "bearer"
    assert not set(value["password"]) & set(body["password"])
    assert value["token"]["value"] != "x7y8z"


@pytest.mark.parametrize("password", ["secr3t", "hunter2000x", "pa:ss"])
def test_of_basic_credentials_the_password_is_replaced(password: str) -> None:
    credentials = base64.b64encode(f"ada:{password}".encode()).decode()
    safe = redacted(request_headers=(("authorization", f"Basic {credentials}"),))
    scheme, _, value = safe.request_headers[0][1].partition(" ")
    user, _, pseudonym = base64.b64decode(value).decode().partition(":")
    assert (scheme, user, kind(pseudonym)) == ("Basic", "ada", kind(password))
    assert pseudonym != password


def test_of_basic_credentials_without_a_password_the_user_is_replaced() -> None:
    credentials = base64.b64encode(f"{SECRET}:".encode()).decode()
    safe = redacted(request_headers=(("authorization", f"Basic {credentials}"),))
    user = base64.b64decode(safe.request_headers[0][1].removeprefix("Basic ")).decode()
    assert kind(user) == kind(f"{SECRET}:")
    assert SECRET not in user


def test_base64_in_a_query_stays_one_value() -> None:
    redactor = Redactor()
    for size in range(8, 40):
        secret = f"{SECRET * 3}"[:size]
        encoded = quote(base64.b64encode(f"~~~{secret}".encode()).decode(), safe="")
        safe = redacted(redactor, url=f"https://h/a?token={secret}&next={encoded}")
        query = dict(pair.split("=") for pair in safe.url.partition("?")[2].split("&"))
        assert re.fullmatch(r"(?:[A-Za-z0-9]|%2B|%2F|%3D)*", query["next"])


def test_what_is_no_secret_stays() -> None:
    original = exchange(
        url="https://api.example/v1/users/ada?count=20&max_id=1234567890123",
        request_headers=(("accept", "*/*"), ("host", "api.example"), ("cookie", "theme=dark; lang=en")),
        response_headers=(*JSON, ("etag", '"33a64df551425fcc55e4d42a148795d9f25f89d4"')),
        response_body=b'{"token_type": "bearer", "expires_in": 3600, "name": "Ada Fields", "id": "17841400"}',
        elapsed=0.25,
        resource="fetch",
    )
    assert Redactor().redacted(original) == original


def test_a_host_stays_even_if_it_is_a_password() -> None:
    safe = redacted(url="https://sunshine2.example/a?password=sunshine2")
    assert safe.url == "https://sunshine2.example/a?password=" + safe.url.rpartition("=")[2]


def test_names_can_be_added() -> None:
    safe = redacted(Redactor(["employee_no"]), response_body=b'{"employee_no": "E-4711", "name": "Ada"}')
    assert safe.response_body is not None
    assert re.fullmatch(rb'\{"employee_no": "[A-Z]-[0-9]{4}", "name": "Ada"\}', safe.response_body)
    assert b"4711" not in safe.response_body


# What cannot be redacted


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n\0\0", "{}".encode("utf-16"), b"\x1f\x8b\x08\0"])
def test_bodies_that_are_not_text_become_not_recorded(body: bytes) -> None:
    safe = redacted(request_body=body, response_body=b"")
    assert (safe.request_body, safe.response_body) == (None, b"")


def test_text_that_is_not_utf_8_keeps_its_bytes() -> None:
    safe = redacted(response_body=b'{"name": "\xe9t\xe9", "token": "ab1"}')
    assert safe.response_body is not None
    assert safe.response_body.startswith(b'{"name": "\xe9t\xe9", "token": "')


@pytest.mark.parametrize("value", ["********", "{}", "---"])
def test_what_masks_a_secret_already_stays(value: str) -> None:
    assert body_of({"password": value}) == {"password": value}


@pytest.mark.parametrize("name", ["passwordconfirm", "passwordRepeat", "newpasswordagain", "passwordsword"])
def test_names_that_begin_with_a_password(name: str) -> None:
    assert "hunter2x" not in redacted(url=f"https://h/a?{name}=hunter2x").url


@pytest.mark.parametrize("name", ["passwordless", "passwordpolicy", "password_length", "passwordmanager"])
def test_names_about_passwords(name: str) -> None:
    assert redacted(url=f"https://h/a?{name}=aB3dE6gH9").url.endswith("=aB3dE6gH9")


def test_a_cookie_in_brackets_is_replaced() -> None:
    safe = redacted(request_headers=(("cookie", "vi=[CS]v1|2AF1061C8507995C-6000010760052E81[CE]; a=[]"),))
    assert "2AF1061C" not in safe.request_headers[0][1]
    assert safe.request_headers[0][1].endswith("; a=[]")


@pytest.mark.parametrize("secret", ["!!!!!!!!!!", "1########2"])
@pytest.mark.parametrize("is_escaped", [True, False])
def test_an_exchange_in_which_a_secret_would_remain_is_left_out(secret: str, is_escaped: bool) -> None:
    body = json.dumps({"password": secret}, ensure_ascii=is_escaped).encode()
    assert Redactor().redacted(exchange(request_body=body)) is None


@pytest.mark.parametrize(
    "secret", ["пароль-пароль", "пароль1", "密码密码密码密码", "pässwört", "🔑🔒🔓🔑🔒🔑🔒🔓"]
)
def test_secrets_beyond_ascii_are_replaced(secret: str) -> None:
    redactor = Redactor()
    pseudonyms = set()
    for text in (
        json.dumps({"password": secret}),
        json.dumps({"password": secret}, ensure_ascii=False),
        json.dumps({"password": secret, "note": f"not {secret}"}),
    ):
        safe = redacted(redactor, request_body=text.encode())
        assert safe.request_body is not None
        pseudonyms |= {value.removeprefix("not ") for value in json.loads(safe.request_body).values()}
    form = redacted(redactor, request_body=f"password={quote(secret)}".encode()).request_body
    assert form is not None
    pseudonyms.add(unquote(form.decode().partition("=")[2], errors="strict"))
    [pseudonym] = pseudonyms
    assert len(pseudonym) == len(secret)
    assert sum(map(str.__eq__, pseudonym, secret)) <= len(secret) / 3


@pytest.mark.parametrize("secret", ["•" * 40, "pass‐wort‐" * 4, "﹙﹚" * 20])
def test_no_pseudonym_has_characters_that_are_not_seen(secret: str) -> None:
    safe = redacted(request_body=json.dumps({"password": secret}, ensure_ascii=False).encode())
    assert safe.request_body is not None
    pseudonym = json.loads(safe.request_body)["password"]
    assert pseudonym != secret
    assert not {unicodedata.category(sign) for sign in pseudonym} & {"Cc", "Cf", "Zl", "Zp"}


def exchanges_of_a_session() -> Iterator[Exchange]:
    """A login, and pages whose cursors are behind secret names."""
    yield exchange(
        method="POST", request_body=b"user=ada&password=hunter2000x", response_body=b'{"token": "t0k-e9"}'
    )
    for number in range(3):
        here, after = f"Cur5or{number}Xy9K", f"Cur5or{number + 1}Xy9K"
        yield exchange(
            url=f"https://h/items?page_token={here}",
            request_headers=(("authorization", "Bearer t0k-e9"),),
            response_body=json.dumps({"next_page_token": after}).encode(),
        )


def test_the_requests_of_a_session_still_join() -> None:
    redactor = Redactor()
    safe = [redactor.redacted(original) for original in exchanges_of_a_session()]
    login, *pages = [each for each in safe if each is not None]
    assert login.response_body is not None
    token = json.loads(login.response_body)["token"]
    assert {page.request_headers[0][1] for page in pages} == {f"Bearer {token}"}
    for page, following in itertools.pairwise(pages):
        assert page.response_body is not None
        assert following.url.endswith(f"={json.loads(page.response_body)['next_page_token']}")


def test_the_original_is_not_changed() -> None:
    original = exchange(url=f"https://h/?token={SECRET}")
    copy = structs.replace(original)
    Redactor().redacted(original)
    assert original == copy


# Anything

names = st.sampled_from(["token", "password", "name", "id", "session", "data", "api_key"])
signs = st.text(st.sampled_from('aB3/+=%\\"&;:{}<> \n\u00e9\u043f.-_'), max_size=20)
values = st.recursive(
    signs | st.sampled_from([SECRET, f"Bearer {SECRET}", "ab1"]) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


def shape(value: Any) -> Any:
    """A JSON value without what its scalars are."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else type(value)


@given(body=st.dictionaries(names, values, max_size=4), ensure_ascii=st.booleans())
def test_json_keeps_its_shape(body: dict[str, Any], ensure_ascii: bool) -> None:
    data = json.dumps(body, ensure_ascii=ensure_ascii).encode()
    safe = Redactor().redacted(exchange(request_body=data, response_body=data))
    if safe is not None:
        assert safe.request_body is not None
        assert safe.request_body == safe.response_body
        assert shape(json.loads(safe.request_body)) == shape(body)


@given(
    url=st.text() | signs.map(lambda text: f"https://a:{text}@h/?token={text}#{text}"),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["cookie", "authorization", "x-api-key", "location", "a"]), st.text() | signs
        )
    ).map(tuple),
    body=st.binary() | signs.map(lambda text: f"password={text}&{text}".encode()),
)
def test_any_exchange_is_redacted_or_left_out(url: str, headers: Any, body: bytes) -> None:
    original = exchange(url=url, request_headers=headers, request_body=body, response_headers=headers)
    safe = Redactor().redacted(original)
    if safe is not None:
        assert [name for name, _ in safe.request_headers] == [name for name, _ in headers]
        assert safe.request_headers == safe.response_headers
