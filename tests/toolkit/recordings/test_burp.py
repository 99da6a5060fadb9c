"""Items that Burp Suite saved."""

import io
from collections.abc import Callable

import pytest

from support.wire_formats import BURP, plain_item
from support.wire_formats import burp as burp_file
from support.wires import WIRES
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings import burp

REQUEST = "GET /v1/pets HTTP/2\r\nHost: pets.test\r\n\r\n"
RESPONSE = 'HTTP/2 200 OK\r\nContent-Type: application/json\r\n\r\n["a<b&c"]'
URL = "https://pets.test/v1/pets"


def read(*items: str) -> list[Exchange]:
    data = (BURP % "".join(items)).encode()
    assert burp.looks_like(data)
    return list(burp.read("a.xml", io.BytesIO(data)))


def test_an_item_without_base64() -> None:
    """XML makes a line feed of CR LF."""
    (exchange,) = read(plain_item(REQUEST, RESPONSE, url=URL))
    assert (exchange.method, exchange.url, exchange.status) == ("GET", URL, 200)
    assert exchange.request_headers == (("host", "pets.test"),)
    assert exchange.response_body == b'["a<b&c"]'


def test_text_without_base64_may_be_a_character_a_byte() -> None:
    bytewise = "é".encode().decode("latin-1")
    exchanges = read(*(plain_item(REQUEST, RESPONSE + text, url=URL) for text in ("é", bytewise, "🐈")))
    assert [(each.response_body or b"")[9:].decode() for each in exchanges] == ["é", "é", "🐈"]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_version_of_the_xml_does_not_matter(version: str) -> None:
    data = burp_file(WIRES[:1]).replace(b'version="1.0"', f'version="{version}"'.encode())
    assert [each.error for each in burp.read("a.xml", io.BytesIO(data))] == [""]


def test_an_item_without_a_response_has_the_status_0() -> None:
    (exchange,) = read(plain_item(REQUEST, "", url=URL, status=""))
    assert (exchange.status, exchange.response_body, exchange.response_headers) == (0, None, ())


def test_an_item_may_have_no_messages() -> None:
    (exchange,) = read(plain_item("", "", url=URL, method="PUT", status="404"))
    assert (exchange.method, exchange.url, exchange.status) == ("PUT", URL, 404)
    assert (exchange.request_body, exchange.request_headers) == (None, ())


@pytest.mark.parametrize(
    ("members", "url"),
    [
        ({"protocol": "https", "host": "pets.test", "port": "443"}, URL),
        ({"protocol": "http", "host": "pets.test", "port": "8080"}, "http://pets.test:8080/v1/pets"),
        ({"host": "pets.test"}, "http://pets.test/v1/pets"),
        ({}, "/v1/pets"),
    ],
)
def test_the_url_may_stand_in_other_elements(members: dict[str, str], url: str) -> None:
    assert read(plain_item(REQUEST, RESPONSE, **members))[0].url == url


@pytest.mark.parametrize(
    ("item", "error"),
    [
        ('<item><url>/</url><request base64="true">!</request></item>', "the request is not valid base64"),
        ('<item><url>/</url><response base64="true">a</response></item>', "the response is not valid base64"),
        ("<item/>", "the item has neither a URL nor a request"),
        (plain_item("GET", RESPONSE), "the request does not begin with a method and a target"),
        (plain_item(REQUEST, "200 OK"), "the response does not begin with a status line"),
    ],
)
def test_a_bad_item_costs_itself(item: str, error: str) -> None:
    good = plain_item(REQUEST, RESPONSE, url=URL)
    assert [each.error for each in read(good, item, good)] == ["", error, ""]


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(20))
BROKEN: dict[str, tuple[Callable[[str], str], str]] = {
    "a billion laughs": (
        lambda xml: xml.replace("]>", f'<!ENTITY l0 "ha">{LAUGHS}]>').replace("HTTP/2", "&l20;"),
        "a.xml: XML that declares entities is not read",
    ),
    "an external entity": (
        lambda xml: xml.replace("]>", '<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace("HTTP/2", "&x;"),
        "a.xml: XML that declares entities is not read",
    ),
    "a parameter entity": (
        lambda xml: xml.replace("]>", '<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd">%x;]>'),
        "a.xml: XML that declares entities is not read",
    ),
    "an unknown entity": (
        lambda xml: xml.replace("HTTP/2", "&unknown;"),
        "a.xml#0: broken XML in line 14: undefined entity",
    ),
    "another root": (
        lambda xml: xml.replace("<items", "<things").replace("</items", "</things"),
        "a.xml: not a file of Burp Suite: the root element is not items",
    ),
    "elements that end in the wrong order": (
        lambda xml: xml.replace("</item>", "</request>"),
        "a.xml#0: broken XML in line 20: mismatched tag",
    ),
    "elements without end": (
        lambda xml: xml.replace("<item>", "<item>" + "<a>" * 100_000),
        "a.xml#0: nested too deeply",
    ),
    "nothing": (lambda _xml: "", "a.xml#0: cut off: the file ends within the XML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_an_error_with_its_place(name: str) -> None:
    damage, message = BROKEN[name]
    xml = damage(BURP % plain_item(REQUEST, RESPONSE, url=URL))
    with pytest.raises(RecordingError) as error:
        list(burp.read("a.xml", io.BytesIO(xml.encode())))
    assert str(error.value) == message


@pytest.mark.parametrize("byte", [b"\0", b"\x1b", b"\xff"])
def test_a_body_with_bytes_that_xml_cannot_contain_is_not_known(byte: bytes) -> None:
    """As Burp writes them without base64; the length shows that the body is not what was sent."""
    response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[@]"
    data = (BURP % plain_item(REQUEST, response, url=URL)).encode().replace(b"@", byte)
    (exchange,) = burp.read("a.xml", io.BytesIO(data))
    assert (exchange.status, exchange.response_body, exchange.error) == (200, None, "")


def test_the_encoding_that_a_file_declares_does_not_matter() -> None:
    data = burp_file(WIRES[:1]).replace(b'"1.0"', b'"1.0" encoding="x-unknown"')
    assert [each.error for each in burp.read("a.xml", io.BytesIO(b"\xef\xbb\xbf" + data))] == [""]


def test_a_file_without_the_version_of_burp_is_known_by_its_items() -> None:
    start = b'<?xml version="1.0"?>\n<items>\n  <item>\n    <url>/</url>\n    <request base64="true">'
    assert burp.looks_like(start)
    assert not burp.looks_like(start.replace(b" base64", b" id"))


def test_a_message_may_be_long_but_no_tag() -> None:
    long = "a" * 6_000_000
    (exchange,) = read(plain_item(REQUEST, RESPONSE + long, url=URL))
    assert len(exchange.response_body or b"") == len(long) + 9
    with pytest.raises(RecordingError, match="a tag or a comment of more than 4,194,304 characters"):
        read(f"<item><!--{long}--></item>")
