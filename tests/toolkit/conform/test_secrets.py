"""No secret is shown in commands, messages or reports."""

import base64
import json
import shlex
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest

from support.conforming import (
    ANYTHING,
    SCHEMES,
    TOKEN,
    URL,
    case_of,
    document,
    form,
    loaded,
    parameter,
    report_of,
    spec_of,
    target,
)
from wirecheck.conform import (
    to_json,
    to_text,
)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_commands_contain_no_secrets(scheme: str, method: str) -> None:
    body: dict[str, Any] = {"requestBody": form("a")} if method == "post" else {}
    spec = spec_of(method, security=[{scheme: []}], parameters=[parameter("X-Id", True, "header")], **body)
    tested = target(spec, credentials={scheme: TOKEN})
    shown = tested.curl(case_of(spec, {"a": "it's"} if body else None, **{"X-Id": "7"}))
    for secret in (TOKEN, b64encode(TOKEN.encode()).decode()):
        assert secret not in shown
    words = shlex.split(shown)
    assert words[:3] == ["curl", "-X", method.upper()]
    assert words[3].startswith(f"{URL}/things")
    assert "X-Id: 7" in words
    assert ("X-Key" in shown) == (scheme == "inHeader"), "what a request needs is there, as a variable"
    if body:
        assert dict(parse_qsl(words[words.index("--data-binary") + 1]))["a"] == "it's"


def test_reports_contain_no_secrets() -> None:
    spec = spec_of(security=[{"inForm": []}], responses={**ANYTHING, "401": {"description": "No token."}})
    report = report_of(
        spec, lambda request: httpx.Response(500, text=str(request.url)), credentials={"inForm": TOKEN}
    )
    assert "the response repeats a secret of its request" in {
        one.message for outcome in report.outcomes for one in outcome.counterexamples
    }
    assert TOKEN not in "".join((*to_text(report), *to_json(report))) + repr(report)


SECRET = "A/Secret+0123456789abcdef=="


TOKEN_WITHOUT = "without-0123456789abcdef"


PROVOKING = "provoking-0123456789abcdef"


ECHOES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "in JSON": json.dumps,
    "in base64": lambda secret: base64.b64encode(f"user:{secret}".encode()).decode(),
    "in base64 for URLs": lambda secret: base64.urlsafe_b64encode(f"it is {secret}!".encode()).decode(),
}


@pytest.mark.parametrize("scheme", ["inForm", "inQuery", "inHeader", "inCookie", "bearer", "basic"])
@pytest.mark.parametrize("case", ECHOES)
def test_a_secret_is_masked_however_the_server_repeats_it(case: str, scheme: str, tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text(
        f"credentials: {{other: '{SECRET[::-1]}'}}\nstatuses: {{'403': {{'*': {{token: {PROVOKING}}}}}}}"
    )
    secured = {"security": [{scheme: []}], "requestBody": form("a", example={"a": "x"})}
    without_body = {name: one for name, one in secured.items() if name != "requestBody"}
    paths = {
        "/a": {"get": without_body, "post": secured},
        "/b": {"get": {**without_body, "operationId": "b", "responses": {"200": {"description": "Fine."}}}},
    }
    secrets = [SECRET, SECRET[::-1], TOKEN_WITHOUT, PROVOKING]
    echo = " ".join(ECHOES[case](secret) for secret in secrets)

    def respond(request: httpx.Request) -> httpx.Response:
        headers = {"X-Echo": echo, "Content-Type": f"text/{echo.partition(' ')[0]}"}
        if request.url.path.endswith("/b"):
            return httpx.Response(200, headers={"Location": f"/x?{echo}"}, json={"id": echo})
        return httpx.Response(418, headers=headers, text=echo)

    spec = loaded(json.dumps(document(paths)))
    credentials = {scheme: SECRET, "other": SECRET[::-1]}
    report = report_of(
        spec,
        respond,
        credentials=credentials,
        values=values,
        tokens_without={"s": TOKEN_WITHOUT},
        secrets=[TOKEN_WITHOUT, PROVOKING],
    )
    assert report.violated
    shown = "".join((*to_text(report), *to_json(report))) + repr(report)
    for secret in secrets:
        for encode in ECHOES.values():
            assert encode(secret).strip('"') not in shown


def test_values_below_added_names_are_masked_in_messages() -> None:
    spec = spec_of(parameters=[parameter("door", {"type": "string"})])
    assert target(spec).masked("GET /things?door=left") == "GET /things?door=left"
    assert target(spec, also=["door"]).masked("GET /things?door=left") == "GET /things?door=[redacted]"
