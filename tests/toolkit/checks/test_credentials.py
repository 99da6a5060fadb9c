"""An accepted request carries credentials."""

import pytest
from msgspec import structs

from support.judging import FORM, JSON, MULTIPART, api, checks_of, multipart, thing
from wirecheck.model import Exchange

SCHEMES = {
    "query": {"type": "apiKey", "in": "query", "name": "key"},
    "form": {"type": "apiKey", "in": "query", "name": "key", "x-in-form": True},
    "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    "basic": {"type": "http", "scheme": "basic"},
    "oauth": {"type": "oauth2", "flows": {}},
    "tls": {"type": "mutualTLS"},
}
BEARER = (("authorization", "Bearer abcdefgh"),)
CREDENTIALS: list[tuple[list[dict[str, list[str]]], Exchange, bool]] = [
    ([{"query": []}], thing("key=abcdefgh"), True),
    ([{"query": []}], thing("%6Bey=abcdefgh"), True),
    ([{"query": []}], thing("key="), False),
    ([{"query": []}], thing("Key=abcdefgh"), False),
    ([{"query": []}], thing(request_headers=()), False),
    ([{"query": []}], thing(method="POST", request_headers=FORM, request_body=b"key=abcdefgh"), False),
    ([{"query": []}], thing(method="POST", request_body=None), False),
    ([{"form": []}], thing("key=abcdefgh"), True),
    ([{"form": []}], thing(), False),
    ([{"form": []}], thing(method="POST", request_headers=FORM, request_body=b"key=abcdefgh"), True),
    ([{"form": []}], thing(method="POST", request_headers=FORM, request_body=b"key="), False),
    ([{"form": []}], thing(method="POST", request_headers=JSON, request_body=b"key=abcdefgh"), False),
    ([{"form": []}], thing(method="POST", request_body=None), True),
    ([{"header": []}], thing(request_headers=(("x-key", "abcdefgh"),)), True),
    ([{"header": []}], thing(request_headers=(("x-key", ""),)), False),
    ([{"header": []}], thing(), False),
    ([{"header": []}], thing(request_headers=()), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "a=b; session=abcdefgh"),)), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "a=b"), ("cookie", "session=abcdefgh"))), True),
    ([{"cookie": []}], thing(request_headers=(("cookie", "sessions=abcdefgh"),)), False),
    ([{"basic": []}], thing(request_headers=(("authorization", "Basic YTpi"),)), True),
    ([{"basic": []}], thing(), False),
    ([{"oauth": []}], thing(request_headers=BEARER), True),
    ([{"oauth": []}], thing("access_token=abcdefgh"), True),
    ([{"oauth": []}], thing("access_token="), False),
    (
        [{"oauth": []}],
        thing(method="POST", request_headers=FORM, request_body=b"access_token=abcdefgh"),
        True,
    ),
    (
        [{"oauth": []}],
        thing(method="POST", request_headers=(*FORM, ("host", "x")), request_body=b"token=abcdefgh"),
        False,
    ),
    (
        [{"oauth": []}],
        thing(
            method="POST",
            request_headers=(("content-type", MULTIPART), ("host", "things.example")),
            request_body=multipart({"access_token": "abcdefgh"}),
        ),
        True,
    ),
    ([{"oauth": []}], thing(method="POST", request_body=None), True),
    ([{"oauth": []}], thing(request_body=None), False),
    ([{"tls": []}], thing(), True),
    ([{"query": [], "header": []}], thing("key=abcdefgh"), False),
    ([{"query": [], "header": []}], thing("key=abcdefgh", request_headers=(("x-key", "abcdefgh"),)), True),
    ([{"query": []}, {"header": []}], thing("key=abcdefgh"), True),
    ([{"query": []}, {"header": []}], thing(), False),
    ([{"query": []}, {}], thing(), True),
    ([{}], thing(), True),
    ([], thing(), True),
]


@pytest.mark.parametrize(("security", "exchange", "satisfied"), CREDENTIALS)
def test_an_accepted_request_carries_its_credentials(
    security: list[dict[str, list[str]]], exchange: Exchange, satisfied: bool
) -> None:
    components = {"securitySchemes": SCHEMES}
    method = exchange.method.lower()
    judge = api({"security": security}, method=method, components=components)
    assert checks_of(judge, exchange) == ([] if satisfied else ["credentials-present"])
    everywhere = api({}, method=method, components=components, security=security)
    assert checks_of(everywhere, exchange) == checks_of(judge, exchange), (
        "the security of the document counts"
    )
    rejected = structs.replace(exchange, status=401)
    assert checks_of(judge, rejected) == []


def test_an_operation_can_lift_the_security_of_the_document() -> None:
    judge = api({"security": []}, components={"securitySchemes": SCHEMES}, security=[{"query": []}])
    assert checks_of(judge, thing()) == []
