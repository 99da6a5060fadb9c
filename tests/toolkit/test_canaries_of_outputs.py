"""Canaries of outputs: a secret in any place of any input is in no output of any command.

Each place has a canary of its own, so that a leak names the place. What a command reads by name is not a
secret to it: the names of files, and what an OpenAPI document says outside of examples and defaults.
"""

import base64
import hashlib
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from support.commands import result_of
from support.judging import multipart
from support.proxying import proxied, read_message, upstream
from support.serving import callback
from wirecheck.cli import COMMANDS
from wirecheck.live import PROBLEM, Mode, WatchedApi
from wirecheck.model import Exchange
from wirecheck.recordings import read
from wirecheck.recordings.writing import WRITERS
from wirecheck.reports import FORMATS
from wirecheck.spec import load

PIECE = 9  # characters of a canary that must not come out together
HOST = "https://things.example"
JSON = (("content-type", "application/json"),)
PEM = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.{}"


def canary(place: str) -> str:
    """The secret of a place: 24 letters and digits in a regular mixture."""
    drawn = hashlib.sha256(place.encode()).digest()[:24]
    alphabets = (ascii_uppercase, digits, ascii_lowercase)
    return "".join(alphabets[index % 3][byte % len(alphabets[index % 3])] for index, byte in enumerate(drawn))


def url(target: str) -> dict[str, Any]:
    return {"url": f"{HOST}{target}"}


def sent(name: str, value: str) -> dict[str, Any]:
    return {"request_headers": ((name, value),)}


def received(name: str, value: str) -> dict[str, Any]:
    return {"response_headers": (*JSON, (name, value))}


def posted(body: str | bytes, media_type: str = "application/json") -> dict[str, Any]:
    data = body if isinstance(body, bytes) else body.encode()
    return {"method": "POST", "request_headers": (("content-type", media_type),), "request_body": data}


def responded(body: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"response_headers": (("content-type", media_type),), "response_body": body.encode()}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORM = "application/x-www-form-urlencoded"
IN_EXCHANGES: dict[str, Callable[[str], dict[str, Any]]] = {
    "query": lambda secret: url(f"/things?access_token={secret}"),
    "query in brackets": lambda secret: url(f"/things?user[password]={secret}"),
    "query of a query": lambda secret: url(
        f"/things?to={quote(f'https://a.example/?token={secret}', safe='')}"
    ),
    "JSON in a query": lambda secret: url(
        f"/things?filter={quote(json.dumps({'api_key': secret}), safe='')}"
    ),
    "fragment": lambda secret: url(f"/things#id_token={secret}"),
    "path": lambda secret: url(f"/password-reset/{secret}"),
    "path of an operation": lambda secret: url(f"/token/{secret}/things"),
    "matrix parameter": lambda secret: url(f"/things;jsessionid={secret}"),
    "link that is mailed": lambda secret: url(f"/verify/{secret}"),
    "userinfo": lambda secret: {"url": f"https://ada:{secret}@things.example/things"},
    "code of OAuth": lambda secret: url(f"/oauth/callback?code={secret}&state=x"),
    "signed URL": lambda secret: url(f"/things?X-Amz-Signature={secret}"),
    "bearer": lambda secret: sent("authorization", f"Bearer {secret}"),
    "basic": lambda secret: sent("authorization", f"Basic {encoded(f'ada:{secret}')}"),
    "digest": lambda secret: sent("authorization", f'Digest username="ada", response="{secret}"'),
    "scheme of its own": lambda secret: sent("authorization", secret),
    "proxy": lambda secret: sent("proxy-authorization", f"Bearer {secret}"),
    "cookie": lambda secret: sent("cookie", f"theme=dark; sid={secret}"),
    "cookie of any name": lambda secret: sent("cookie", f"a={secret}; b=1"),
    "x-api-key": lambda secret: sent("x-api-key", secret),
    "x-auth-token": lambda secret: sent("x-auth-token", secret),
    "x-csrf-token": lambda secret: sent("x-csrf-token", secret),
    "x-hub-signature": lambda secret: sent("x-hub-signature-256", f"sha256={secret}"),
    "header of a company": lambda secret: sent("x-company-service-secret", secret),
    "referer": lambda secret: sent("referer", f"https://a.example/?reset_token={secret}"),
    "set-cookie": lambda secret: received("set-cookie", f"session={secret}; Path=/; HttpOnly"),
    "location": lambda secret: received("location", f"https://a.example/cb#access_token={secret}"),
    "location of a code": lambda secret: received("location", f"https://a.example/cb?code={secret}"),
    "link": lambda secret: received("link", f'<https://a.example/?token={secret}>; rel="next"'),
    "x-access-token": lambda secret: received("x-access-token", secret),
    "authentication-info": lambda secret: received("x-new-credential", f"token={secret}"),
    "form": lambda secret: posted(f"user=ada&password={secret}", FORM),
    "form of OAuth": lambda secret: posted(f"grant_type=authorization_code&code={secret}", FORM),
    "multipart": lambda secret: posted(
        multipart({"a": "1", "password": secret}), "multipart/form-data; boundary=xYz"
    ),
    "JSON": lambda secret: posted(json.dumps({"client_secret": secret})),
    "nested JSON": lambda secret: posted(json.dumps({"users": [{"login": {"passwd": secret}}]})),
    "list below a name": lambda secret: posted(json.dumps({"tokens": ["none", secret]})),
    "object below a name": lambda secret: posted(json.dumps({"token": {"value": secret}})),
    "JSON in JSON": lambda secret: posted(json.dumps({"body": json.dumps({"refresh_token": secret})})),
    "key of JSON": lambda secret: posted(json.dumps({"sessions": {secret: {"uses": 1}}})),
    "escaped JSON": lambda secret: posted('{"\\u0070assword": "' + secret.replace("A", "\\u0041") + '"}'),
    "JSON that is cut": lambda secret: posted(json.dumps({"a": 1, "password": secret, "b": 1})[:-9]),
    "JSON Lines": lambda secret: posted(f'{{"a": 1}}\n{{"api_key": "{secret}"}}\n', "application/x-ndjson"),
    "URL in JSON": lambda secret: posted(json.dumps({"next": f"https://a.example/?access_token={secret}"})),
    "base64 in JSON": lambda secret: posted(
        json.dumps({"auth": encoded(f"ada:{secret}"), "password": secret})
    ),
    "GraphQL": lambda secret: posted(json.dumps({"query": f'mutation {{ login(password: "{secret}") }}'})),
    "XML": lambda secret: posted(f"<a><password>{secret}</password></a>", "application/xml"),
    "attribute of XML": lambda secret: posted(f'<a token="{secret}"/>', "application/xml"),
    "text": lambda secret: posted(f"the password is {secret}, keep it", "text/plain"),
    "private key": lambda secret: posted(json.dumps({"note": PEM.format(secret)})),
    "response": lambda secret: responded(json.dumps({"access_token": secret})),
    "nested response": lambda secret: responded(json.dumps({"data": [{"api_key": secret}]})),
    "JWT": lambda secret: responded(json.dumps({"note": JWT.format(secret)})),
    "token of GitHub": lambda secret: responded(json.dumps({"note": f"ghp_{secret}"})),
    "key of Stripe": lambda secret: responded(json.dumps({"note": f"sk_live_{secret}"})),
    "webhook of Slack": lambda secret: responded(
        json.dumps({"note": f"https://hooks.slack.example/services/T0AB12CD3/B0AB12CD3/{secret}"})
    ),
    "error in text": lambda secret: responded(f"invalid token: {secret}", "text/plain"),
    "HTML": lambda secret: responded(f'<a href="/?token={secret}">reset</a>', "text/html"),
    "response that is cut": lambda secret: responded(f'{{"token": "{secret}", "a": '),
}
"""Places in an exchange, whose response repeats the secret where it says nothing else."""

OPERATION = {
    "parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
        {"name": "access_token", "in": "query", "schema": {"type": "string"}},
    ],
    "responses": {
        "200": {
            "description": "Fine.",
            "content": {"application/json": {"schema": {"additionalProperties": {"type": "integer"}}}},
        }
    },
}


def document() -> dict[str, Any]:
    """A document with canaries where it has examples and defaults of secrets."""
    password = {"type": "string", "format": "password"}
    body = {
        "type": "object",
        "required": ["client_secret"],
        "properties": {
            "client_secret": {**password, "example": canary("example of a property"), "maxLength": 8},
            "api_key": {"type": "integer", "default": canary("default of a property")},
            "note": {"type": "integer"},
        },
        "example": {"client_secret": canary("example of a schema"), "note": "no integer"},
    }
    content = {
        "application/json": {
            "schema": body,
            "examples": {"one": {"value": {"client_secret": canary("example of a body"), "note": "none"}}},
        }
    }
    secret = {
        "name": "X-Auth-Token",
        "in": "header",
        "schema": {"type": "string", "maxLength": 4},
        "example": canary("example of a parameter"),
    }
    flow = {"tokenUrl": f"{HOST}/oauth/token", "scopes": {"read": "Read things."}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [
            {
                "url": f"{HOST}/{{token}}",
                "variables": {"token": {"default": canary("server variable"), "enum": ["a"]}},
            },
            {"url": HOST},
        ],
        "security": [{"oauth": ["read"]}],
        "components": {
            "securitySchemes": {"oauth": {"type": "oauth2", "flows": {"clientCredentials": flow}}}
        },
        "paths": {
            "/things": {
                "get": {"operationId": "listThings", **OPERATION},
                "post": {
                    **OPERATION,
                    "operationId": "addThing",
                    "parameters": [secret],
                    "requestBody": {"content": content},
                },
            },
            "/token/{token}/things": {
                "parameters": [{"name": "token", "in": "path", "required": True, "schema": {"maxLength": 3}}],
                "get": {"operationId": "listOfToken", **OPERATION},
            },
        },
    }


IN_DOCUMENTS = [
    *("example of a property", "default of a property", "example of a schema", "example of a body"),
    *("example of a parameter", "server variable"),
]
BROKEN: dict[str, Callable[[str], str]] = {
    "a.har of text": lambda secret: f"access_token={secret}",
    "a.har of broken JSON": lambda secret: (
        f'{{"log": {{"entries": [{{"password": "{secret}" "{secret}"}}]}}}}'
    ),
    "a.har of a wrong entry": lambda secret: json.dumps(
        {
            "log": {
                "entries": [{"request": {"method": secret, "url": [secret]}, "response": {"status": secret}}]
            }
        }
    ),
    "a.har of a wrong member": lambda secret: json.dumps({"log": {"entries": secret, secret: 1}}),
    "a.har that is cut": lambda secret: f'{{"log": {{"entries": [{{"request": {{"url": "{secret}',
    "a.jsonl of text": lambda secret: f"Authorization: Bearer {secret}",
    "a.jsonl of broken JSON": lambda secret: (
        f'{{"request": {{"url": "{secret}" "{secret}"}}, "status": 200}}'
    ),
    "a.jsonl of a wrong line": lambda secret: json.dumps(
        {"request": {"method": "GET", "url": f"https://h/?token={secret}"}, "status": secret}
    ),
    "a.jsonl of a wrong body": lambda secret: json.dumps(
        {"request": {"method": "GET", "url": "https://h/"}, "status": 200, "body_base64": f"!{secret}"}
    ),
    "a.yaml of a broken cassette": lambda secret: (
        f"interactions:\n- request:\n    uri: https://h/?token={secret}\n    headers: {{x: [{secret}]\n"
    ),
    "a.yaml of a wrong interaction": lambda secret: (
        f"interactions:\n- request: {{method: GET, uri: 'https://h/?token={secret}'}}\n"
        f"  response: {{status: {{code: {secret}}}}}\n"
    ),
    "a.json of a wrong fixture of nock": lambda secret: json.dumps(
        [{"scope": f"https://ada:{secret}@h", "path": f"/?token={secret}", "status": secret}]
    ),
    "a.json of a wrong run of newman": lambda secret: json.dumps(
        {"collection": {secret: secret}, "run": {"executions": [{"response": {"code": secret}}]}}
    ),
    "a.flow that is cut": lambda secret: f"2301:9:websocket;0:~8:response;{secret}",
    "a.xml of a wrong item": lambda secret: (
        f'<items burpVersion="1"><item><url>{secret}</url><request base64="true">{secret}</request>'
        "</item></items>"
    ),
    "a.xml of broken XML": lambda secret: (
        f'<items burpVersion="1"><item token="{secret}"><url>{secret}</wrong>'
    ),
    "a.warc of a wrong record": lambda secret: (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://h/?token={secret}\r\n"
        f"Content-Length: {secret}\r\n\r\n"
    ),
    "a.log of a wrong line": lambda secret: (
        f'127.0.0.1 - - [01/Jan/2026:00:00:00 +0000] "{secret}" 200 1 "?token={secret}" "{secret}"\n'
    ),
}
"""Recordings that cannot be read, of each format: an ending, and what is wrong."""

ENVIRONMENT = {
    "token": "WIRECHECK_TOKEN",
    "token without a scope": "WIRECHECK_TOKEN_WITHOUT",
    "token of another user": "WIRECHECK_TOKEN_OF",
}
OPTIONS = ["--token", "--token-of", "--token-file", "values file", "broken values file", "wrong --token-of"]
ADDRESSES = ["userinfo of --spec", "userinfo of a server", "userinfo of a server without a response"]
CONFIGURED = ["literal token", "literal token of a user", "broken line"]
SERVED = ["response of a server", "set-cookie of a server", "error of a server"]
PLACES = [
    *IN_EXCHANGES,
    *IN_DOCUMENTS,
    *BROKEN,
    *ENVIRONMENT,
    *OPTIONS,
    *ADDRESSES,
    *CONFIGURED,
    *SERVED,
]
PIECES = {
    canary(place).lower()[start : start + PIECE]: place
    for place in PLACES
    for start in range(len(canary(place)) - PIECE + 1)
}


def leaks(text: str) -> set[str]:
    """The places whose canaries a text shows, or pieces of them."""
    lower = text.lower()
    windows = {lower[start : start + PIECE] for start in range(len(lower) - PIECE + 1)}
    return {PIECES[window] for window in windows & PIECES.keys()}


def texts_below(folder: Path) -> str:
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.rglob("*")) if path.is_file()
    )


# The commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The inputs: a document, and a recording with an exchange for each place, in each format."""
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "api.json").write_text(json.dumps(document(), indent=1), encoding="utf-8")
    exchanges = []
    for number, (place, change) in enumerate(IN_EXCHANGES.items()):
        secret = canary(place)
        fields: dict[str, Any] = {
            "method": "GET",
            "url": f"{HOST}/things?limit={secret}",
            "status": 200,
            "request_headers": (("accept", "*/*"),),
            "response_headers": JSON,
            "response_body": json.dumps({"note": f"rejected: {secret}", "echo": secret}).encode(),
            **change(secret),
        }
        exchanges.append(Exchange(source="", entry=number, **fields))
    for name in ("har", "jsonl"):
        (folder / f"traffic.{name}").write_bytes(b"".join(WRITERS[name].write(exchanges)))
    return folder


Capture = pytest.CaptureFixture[str]


def test_each_canary_is_in_the_recordings_and_there_are_more_than_sixty(folder: Path) -> None:
    assert len(PLACES) > 60
    assert len(set(map(canary, PLACES))) == len(PLACES)
    for name in ("har", "jsonl"):
        assert leaks((folder / f"traffic.{name}").read_text(encoding="utf-8")) >= set(IN_EXCHANGES) - {
            "basic"
        }


@pytest.mark.parametrize("recording", ["traffic.har", "traffic.jsonl"])
@pytest.mark.parametrize("format_", FORMATS)
def test_no_report_has_one(format_: str, recording: str, folder: Path, capsys: Capture) -> None:
    arguments = ["check", "--spec", str(folder / "api.json"), "--format", format_, str(folder / recording)]
    code, out, err = result_of(capsys, *arguments)
    assert code == 1
    assert len(out) > 1000
    assert leaks(out + err) == set()


@pytest.mark.parametrize("format_", WRITERS)
def test_no_redacted_recording_has_one(format_: str, folder: Path, tmp_path: Path, capsys: Capture) -> None:
    output = tmp_path / f"out{WRITERS[format_].endings[0]}"
    arguments = ["redact", "--spec", str(folder / "api.json"), str(folder / "traffic.har"), str(output)]
    code, out, err = result_of(capsys, *arguments)
    assert code == 0
    assert f"{len(IN_EXCHANGES)} exchanges written" in err
    assert leaks(output.read_text(encoding="utf-8") + out + err) == set()


@pytest.mark.parametrize("mode", Mode)
def test_no_output_of_a_proxy_has_one(mode: Mode, folder: Path, tmp_path: Path) -> None:
    unsent = {"fragment", "userinfo"}
    if mode is Mode.ENFORCE:  # which knows only the request when it rejects it
        unsent |= {place for place, change in IN_EXCHANGES.items() if "response_headers" in change("")}
    places = list(IN_EXCHANGES)
    sent = [each for each in read(folder / "traffic.har") if places[each.entry] not in unsent]
    current, problems = sent[0], ""

    def serve(connection: socket.socket) -> None:
        while read_message(connection):
            headers = [f"{name}: {value}" for name, value in current.response_headers]
            body = current.response_body or b""
            head = "\r\n".join(["HTTP/1.1 200 OK", *headers, f"Content-Length: {len(body)}", "", ""])
            connection.sendall(head.encode() + body)

    record, apis = tmp_path / "record.jsonl", [WatchedApi(load(folder / "api.json"))]
    with (
        upstream(serve) as origin,
        proxied(origin, mode, apis=apis, record=record, verbose=True) as proxy,
        httpx.Client(trust_env=False) as client,
    ):
        for current in sent:
            parts = urlsplit(current.url)
            url = f"{proxy.origin}{parts.path}{'?' * bool(parts.query)}{parts.query}"
            headers = list(current.request_headers)
            response = client.request(current.method, url, headers=headers, content=current.request_body)
            if response.headers["content-type"] == PROBLEM:
                problems += response.text
        proxy.end()
        shown = [proxy.stream.getvalue(), json.dumps(proxy.session.overview.state(200)), problems]
        assert bool(problems) is (mode is Mode.ENFORCE)
    assert leaks("".join(shown) + record.read_text(encoding="utf-8")) == set()


def test_every_command_is_covered() -> None:
    assert COMMANDS.keys() == {"check", "redact", *DOCUMENTED, *SERVERS, *LIVE, *HARMLESS}


DOCUMENTED = {
    "lint": [["lint", "--ruleset", "all", "api.json"], ["lint", "--format", "json", "api.json"]],
    "docs": [["docs", "api.json"], ["docs", "--format", "html", "api.json"]],
    "generate": [["generate", "--spec", "api.json", "--output", "client", "--package", "things"]],
    "migration": [["migration", "--spec", "api.json"]],
}
NEEDED = {"generate": {"server variable"}}
"""What a client needs: requests go to the address that the document has."""
SERVERS = ("conform", "fuzz", "replay")
LIVE = ("proxy",)
HARMLESS = {
    "explain": "reads nothing",
    "convert": "keeps secrets, and says so",
}


@pytest.mark.parametrize(
    "arguments", [each for several in DOCUMENTED.values() for each in several], ids=" ".join
)
def test_no_output_of_a_document_has_one(
    arguments: list[str], folder: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "api.json").write_bytes((folder / "api.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    _, out, err = result_of(capsys, *arguments)
    (tmp_path / "api.json").unlink()
    text = out + err + texts_below(tmp_path)
    assert len(text) > 100
    assert leaks(text) == NEEDED.get(arguments[0], set())


# Errors


@pytest.mark.parametrize("command", ["check", "convert", "redact"])
@pytest.mark.parametrize("place", BROKEN)
def test_no_error_of_a_recording_has_one(
    command: str, place: str, folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    recording = tmp_path / place.split(maxsplit=1)[0]
    recording.write_text(BROKEN[place](canary(place)), encoding="utf-8")
    more = {"check": ["--spec", str(folder / "api.json")]}.get(command, [])
    output = [] if command == "check" else [str(tmp_path / "out.har")]
    code, out, err = result_of(capsys, command, *more, str(recording), *output)
    assert code == 2
    assert err.startswith("wirecheck: ")
    assert "known format" not in err
    assert leaks(out + err) == set()


@pytest.mark.parametrize("arguments", [["check", "a.har"], ["lint"], ["conform"], ["docs"]], ids=" ".join)
def test_no_error_has_the_password_of_an_address(
    arguments: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = canary("userinfo of --spec")
    monkeypatch.setenv("WIRECHECK_SPEC", f"http://ada:{secret}@127.0.0.1:1/api.json?token={secret}")
    more = ["http://127.0.0.1:1"] if arguments == ["conform"] else []
    code, out, err = result_of(capsys, *arguments, *more)
    assert code == 2
    assert "127.0.0.1" in err
    assert leaks(out + err) == set()


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("literal token", "token = '{}'"),
        ("literal token of a user", "tokens_of = {{ada = '{}'}}"),
        ("broken line", "token = '{0}' '{0}'"),
    ],
)
def test_no_error_of_the_configuration_has_one(
    place: str, line: str, folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "wirecheck.toml").write_text(line.format(canary(place)), encoding="utf-8")
    arguments = ["--config", str(tmp_path / "wirecheck.toml"), str(folder / "api.json")]
    code, out, err = result_of(capsys, "lint", *arguments)
    assert code == 2
    assert "wirecheck.toml" in err
    assert leaks(out + err) == set()


# Servers


def respond(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Repeats what was sent, and adds secrets of its own, against the document."""
    value = {
        "note": f"{method} {target}: {headers.get('Authorization')} is not allowed",
        "access_token": canary("response of a server"),
        "echo": body.decode("utf-8", "replace"),
        "error": f"the password {canary('error of a server')} is wrong",
    }
    cookie = f"session={canary('set-cookie of a server')}; Path=/"
    return 200, {"Content-Type": "application/json", "Set-Cookie": cookie}, json.dumps(value).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with callback(respond) as origin:
        yield origin


@pytest.fixture
def tokens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Options with tokens, beside those in the environment."""
    values = tmp_path / "values.yaml"
    text = f"statuses: {{'403': {{'*': {{token: {canary('values file')}}}}}}}"
    values.write_text(text, encoding="utf-8")
    for place, variable in ENVIRONMENT.items():
        name = {"token": "", "token without a scope": "read=", "token of another user": "ada="}[place]
        monkeypatch.setenv(variable, f"{name}{canary(place)}")
    return ["--token-of", f"bela={canary('--token-of')}", "--values", str(values)]


@pytest.mark.usefixtures("no_waits")
def test_conform_and_replay_show_none(
    server: str, folder: Path, tokens: list[str], tmp_path: Path, capsys: Capture
) -> None:
    options = ["--spec", str(folder / "api.json"), *tokens]
    written, saved = tmp_path / "written", tmp_path / "written" / "saved"
    written.mkdir()
    reports = [f"--report={written / f'report.{ending}'}" for ending in ("txt", "json", "xml", "md")]
    code, out, err = result_of(capsys, "conform", server, *options, *reports, "--save", str(saved))
    assert code == 1
    assert len(out) > 1000
    assert leaks(out + err + texts_below(written)) == set()
    for path in sorted(saved.glob("*.json"))[:2]:
        code, out, err = result_of(capsys, "replay", str(path), "--url", server, *options)
        assert code == 1
        assert leaks(out + err) == set()


@pytest.mark.no_cover
def test_fuzz_shows_none(
    server: str, folder: Path, tokens: list[str], tmp_path: Path, capsys: Capture
) -> None:
    pytest.importorskip("schemathesis")
    saved = tmp_path / "saved"
    options = ["--spec", str(folder / "api.json"), *tokens, "--time", "1", "--save", str(saved)]
    code, out, err = result_of(capsys, "fuzz", server, *options)
    assert code in (0, 1)
    assert len(out) > 500
    assert leaks(out + err + texts_below(saved)) == set()
