"""Webhook payloads and identifiers."""

import base64
import hmac
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instagram_client import (
    WebhookSignatureError,
)
from instagram_client._runtime.identifiers import Identifier
from instagram_client.ids import media_id
from instagram_client.webhooks import media_changed
from support.fake_wire import (
    Time,
    Wire,
    fake_time,
)

time = pytest.fixture(fake_time)


# Webhooks


KEY = "6dc1787668c64c939929c17683d7cb74"
PAYLOAD = (
    b'[{"changed_aspect":"media","object":"user","object_id":"190277687","time":1477869300,'
    b'"subscription_id":0,"data":{"media_id":"1372789645779973559_190277687"}}]'
)
SIGNATURE = "b7a46779ea80aa385cec55c64688710088c0f2ac"


def test_a_payload_of_the_server_is_parsed() -> None:
    assert len(PAYLOAD) == 158
    [change] = media_changed(PAYLOAD, SIGNATURE, client_secret=KEY)
    assert change.object_ == "user"
    assert change.object_id == "190277687"
    assert change.time == 1477869300
    assert change.data
    assert change.data.media_id == "1372789645779973559_190277687"
    assert media_changed(PAYLOAD, f" {SIGNATURE}\n", client_secret=KEY) == [change]


WRONG_SIGNATURES = {
    "none": None,
    "empty": "",
    "of other words": hmac.new(KEY.encode(), b"[]", "sha1").hexdigest(),
    "of another secret": hmac.new(b"CS", PAYLOAD, "sha1").hexdigest(),
    "by another algorithm": hmac.new(KEY.encode(), PAYLOAD, "sha256").hexdigest(),
    "with a prefix": f"sha1={SIGNATURE}",
    "shortened": SIGNATURE[:-1],
    "in capitals": SIGNATURE.upper(),
    "not ascii": SIGNATURE[:-1] + "ﬃ",
    "surrogates": SIGNATURE[:-1] + "\udc80",
    "base64": base64.b64encode(bytes.fromhex(SIGNATURE)).decode(),
}


@pytest.mark.parametrize("signature", WRONG_SIGNATURES.values(), ids=WRONG_SIGNATURES)
def test_a_payload_of_another_sender_is_rejected(signature: str | None) -> None:
    with pytest.raises(WebhookSignatureError) as caught:
        media_changed(PAYLOAD, signature, client_secret=KEY)
    assert SIGNATURE not in str(caught.value)
    described = traceback.TracebackException.from_exception(caught.value)
    assert KEY not in "".join(described.format())


@given(st.data())
def test_a_changed_payload_is_rejected(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PAYLOAD) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != PAYLOAD[at]))
    with pytest.raises(WebhookSignatureError):
        media_changed(PAYLOAD[:at] + bytes([other]) + PAYLOAD[at + 1 :], SIGNATURE, client_secret=KEY)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[Any, Any]] = []
    compare = hmac.compare_digest

    def spy(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    media_changed(PAYLOAD, SIGNATURE, client_secret=KEY)
    with pytest.raises(WebhookSignatureError):
        media_changed(PAYLOAD, "0" * 40, client_secret=KEY)
    assert compared == [(SIGNATURE.encode(), SIGNATURE.encode()), (SIGNATURE.encode(), b"0" * 40)]


def test_states_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch, time: Time) -> None:
    compared: list[tuple[Any, Any]] = []

    def spy(one: Any, other: Any) -> bool:
        compared.append((one, other))
        return bool(one == other)

    monkeypatch.setattr(hmac, "compare_digest", spy)
    Wire("sync").client.oauth.code_from_redirect("https://app.test/?code=c&state=s", state="s")
    assert compared == [(b"s", b"s")]


# Identifiers


VECTORS: dict[str, tuple[str, str | None]] = {
    "D": ("3", None),
    "BUG": ("5382", None),
    "aK1yrGRi3l": ("471425689728724453", "2013-06-05T07:45:43.269"),
    "khpQDEBQdR": ("657988443280050001", "2014-02-17T17:32:36.577"),
    "os1NQjxtvF": ("733194846952938437", "2014-06-01T11:54:18.528"),
    "tsxp1hhQTG": ("823251211150230726", "2014-10-03T18:00:13.724"),
    "ybyPRoQWzX": ("908540701891980503", "2015-01-29T10:15:13.321"),
    "BJz1HdfhvMh": ("1329639924173304609", "2016-09-01T10:24:12.440"),
    "BKLqaSnBHnm": ("1336348239087303142", "2016-09-10T16:32:25.895"),
    "BMNIOjUDLW3": ("1372789645779973559", "2016-10-30T23:15:00.097"),
    "BQ0eAlwhDrw": ("1455920561485265648", "2017-02-22T16:01:17.498"),
    "BSCoDz7Du7k": ("1477919811501485796", "2017-03-25T00:29:52.463"),
    "BgecuLyDZfu": ("1737952825260742638", "2018-03-18T19:09:03.293"),
    "BiQovLGAWIq": ("1770093817144369706", "2018-05-02T03:27:28.101"),
    "BypiMeuIOmX": ("2065332295327345047", "2019-06-13T11:53:37"),
    "BWgrMATgBwB": ("1558435412031052801", "2017-07-14T02:40:00.000"),
}


@pytest.mark.parametrize("short", VECTORS)
def test_identifiers_have_short_forms(short: str) -> None:
    number, _ = VECTORS[short]
    assert media_id.from_short(short) == number
    assert media_id.to_short(number) == short
    assert media_id.to_short(f"{number}_25025320") == short


@pytest.mark.parametrize("short", VECTORS)
def test_identifiers_contain_their_creation_time(short: str) -> None:
    number, created = VECTORS[short]
    for identifier in (number, f"{number}_25025320"):
        if created is None:
            with pytest.raises(ValueError, match="does not contain a creation time"):
                media_id.created_at(identifier)
            continue
        time = media_id.created_at(identifier)
        assert time.tzinfo is UTC
        whole = time.replace(microsecond=0) if "." not in created else time
        assert whole == datetime.fromisoformat(created).replace(tzinfo=UTC)


def test_private_posts_have_longer_codes() -> None:
    assert media_id.from_short("BWgrMATgBwBKT3QyfVBdXyWQ3Y7nXyGt0") == "1558435412031052801"


@pytest.mark.parametrize(
    "short", ["", " ", "a b", "señor", "BWgrMATg.wB", "/BWgrMATgBw", "_" * 11, "BWgrMATgBw\n", "QAAAAAAAAAA"]
)
def test_an_invalid_short_form_is_rejected(short: str) -> None:
    with pytest.raises(ValueError, match=r"short form|does not stand for a number"):
        media_id.from_short(short)


@pytest.mark.parametrize("identifier", ["", "_1", "ada", "-1", " 1", "٣", str(1 << 64), "9" * 400])
def test_an_invalid_identifier_is_rejected(identifier: str) -> None:
    for method in (media_id.to_short, media_id.number, media_id.created_at):
        with pytest.raises(ValueError, match=r"does not begin with a number of 64 bits"):
            method(identifier)


def test_the_limits_of_identifiers() -> None:
    assert media_id.to_short("0") == "A"
    assert media_id.from_short("A") == "0"
    last = str((1 << 64) - 1)
    assert media_id.from_short(media_id.to_short(last)) == last
    media_id.created_at(str(1 << 40))
    with pytest.raises(ValueError, match="does not contain"):
        media_id.created_at(str((1 << 40) - 1))


@given(st.integers(0, (1 << 64) - 1), st.integers(0, 10**12))
def test_a_short_form_stands_for_its_number(number: int, owner: int) -> None:
    short = media_id.to_short(f"{number}_{owner}")
    assert len(short) <= 11
    assert media_id.from_short(short) == str(number)


@given(st.integers(0, 2**41 - 1), st.integers(0, 2**23 - 1))
def test_the_time_of_an_identifier_is_that_of_its_upper_bits(milliseconds: int, rest: int) -> None:
    number = (milliseconds << 23) | rest
    if number >= 1 << 40:
        created = media_id.created_at(str(number))
        assert round(created.timestamp() * 1000) == 1314220021721 + milliseconds


def test_identifiers_without_an_alphabet_have_no_short_form() -> None:
    plain = Identifier(bits=64)
    for convert in (plain.to_short, plain.from_short):
        with pytest.raises(ValueError, match="do not have a short form"):
            convert("12")
    with pytest.raises(ValueError, match="'12' does not contain a creation time"):
        plain.created_at("12")
