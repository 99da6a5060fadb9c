"""Exchanges with the notice board and with small documents, and what their judges find."""

import json
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from support.paths import SPECS
from wirecheck.checks import CHECKS, Judge
from wirecheck.model import Exchange, Finding
from wirecheck.spec import load

SPEC = load(SPECS / "noticeboard.yaml")
DOCUMENT = SPEC.document
JUDGE = Judge(SPEC)

TOKEN = "board.0123456789abcdef0123456789abcdef"
HOST = "https://board.test"
JSON = (("content-type", "application/json"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)
MULTIPART = "multipart/form-data; boundary=xYz"
RECORDED_HEADERS = (*JSON, ("x-ratelimit-limit", "5000"))
"""Headers that were certainly recorded: a Content-Type alone may stem from elsewhere in a recording."""
DEEP = b"[" * 100_000


def topic(**changes: Any) -> Exchange:
    """A valid request for a topic and its valid response, with changes."""
    fields: dict[str, Any] = {
        "source": "recorded.har#12",
        "entry": 12,
        "method": "GET",
        "url": f"{HOST}/v1/topics/snow?access_token={TOKEN}",
        "status": 200,
        "request_headers": (("host", "board.test"),),
        "response_headers": RECORDED_HEADERS,
        "response_body": b'{"meta": {"code": 200}, "data": {"name": "snow", "notices": 2}}',
    }
    return Exchange(**{**fields, **changes})


def request(path: str, query: str = "", **changes: Any) -> Exchange:
    """A request with a token to a path of the notice board; its response was not recorded."""
    more = f"&{query}" if query else ""
    return topic(
        url=f"{HOST}/v1{path}?access_token={TOKEN}{more}",
        **{"response_headers": (), "response_body": None, **changes},
    )


def comment(body: bytes | None, query: str = "", **changes: Any) -> Exchange:
    """A request that posts a comment."""
    return request(
        "/notices/1_1/comments",
        query,
        **{"method": "POST", "request_headers": FORM, "request_body": body, **changes},
    )


def topic_with(body: bytes | None, **changes: Any) -> Exchange:
    """A request for a topic whose response has another body."""
    return topic(response_body=body, **changes)


@lru_cache
def _judge(text: str) -> Judge:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(text, encoding="utf-8")
        return Judge(load(path))


def api(operation: dict[str, Any], *, path: str = "/things", method: str = "get", **top: Any) -> Judge:
    """The judge of a document with one operation."""
    operation = {"responses": {"default": {"description": "Anything."}}, **operation}
    info = {"title": "Things", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {path: {method: operation}}, **top}
    return _judge(json.dumps(document))


def responding(*media_types: str, **more: Any) -> Judge:
    """The judge of a document whose operation responds 200 with one of the media types."""
    content = {name: {"schema": more.get("schema", True)} for name in media_types}
    return api(
        {"responses": {"200": {"description": "Fine.", "content": content, **more.get("response", {})}}}
    )


def thing(query: str = "", **changes: Any) -> Exchange:
    """A request for the operation of `api`; the body of its response was not recorded."""
    fields: dict[str, Any] = {
        "request_headers": (("host", "things.example"),),
        "response_headers": (("server", "things"),),
        "response_body": None,
        "url": f"https://things.example/things{'?' * bool(query)}{query}",
    }
    return topic(**{**fields, **changes})


def findings_of(judge: Judge, exchange: Exchange) -> list[Finding]:
    """The findings of an exchange, each of which has a place in the document."""
    findings = judge.judge(exchange).findings
    for finding in findings:
        assert finding.source == exchange.source
        assert finding.entry == exchange.entry
        assert finding.check in CHECKS
        assert finding.side is CHECKS[finding.check].side
        value = judge.spec.document.get(finding.spec_pointer.removeprefix("#"))
        assert value is not None or finding.spec_pointer.endswith("const")
        assert finding.line == judge.spec.document.line(finding.spec_pointer.removeprefix("#"))
    return list(findings)


def checks_of(judge: Judge, exchange: Exchange) -> list[str]:
    return [finding.check for finding in findings_of(judge, exchange)]


def messages_of(judge: Judge, exchange: Exchange) -> list[str]:
    return [finding.message for finding in findings_of(judge, exchange)]


def multipart(fields: dict[str, str]) -> bytes:
    """The body of a form with the boundary of MULTIPART."""
    parts = [
        f'--xYz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + "--xYz--\r\n").encode()
