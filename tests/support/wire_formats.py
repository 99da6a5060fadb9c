"""Writes ``support.wires`` in formats of recordings, independently of the readers."""

import base64
import json
from collections.abc import Iterable
from html import escape
from typing import Any

from support.wires import HOST, Fields, Wire, chunked

BURP = """<?xml version="1.0"?>
<!DOCTYPE items [
<!ELEMENT items (item*)>
<!ATTLIST items burpVersion CDATA "">
<!ATTLIST items exportTime CDATA "">
<!ELEMENT item (time, url, host, port, protocol, method, path, extension, request, status, \
responselength, mimetype, response, comment)>
<!ELEMENT time (#PCDATA)>
<!ATTLIST host ip CDATA "">
<!ELEMENT request (#PCDATA)>
<!ATTLIST request base64 (true|false) "false">
<!ATTLIST response base64 (true|false) "false">
]>
<items burpVersion="2024.5.1" exportTime="Tue Jun 04 10:00:00 CEST 2024">
%s</items>
"""


def raw_request(wire: Wire) -> bytes:
    body = wire.request_content
    length = (("Content-Length", str(len(body))),) if body else ()
    return _message(
        f"{wire.method} {wire.target} HTTP/1.1", (("Host", HOST), *wire.request_headers, *length), body
    )


def raw_response(wire: Wire) -> bytes:
    line, body = f"HTTP/1.1 {wire.status} Fine", wire.response_content
    if wire.is_chunked:
        return _message(line, (*wire.response_headers, ("Transfer-Encoding", "chunked")), chunked(body))
    length = () if wire.status in (204, 304) else (("Content-Length", str(len(body))),)
    return _message(line, (*wire.response_headers, *length), body)


def _message(line: str, fields: Fields, body: bytes) -> bytes:
    head = "".join(f"{text}\r\n" for text in (line, *(f"{name}: {value}" for name, value in fields)))
    return head.encode() + b"\r\n" + body


def jsonl(wires: Iterable[Wire]) -> bytes:
    return b"".join(_line(wire) for wire in wires)


def _line(wire: Wire) -> bytes:
    each = wire.exchange()
    line = {
        "request": {
            "method": each.method,
            "url": each.url,
            "headers": each.request_headers,
            "body_base64": base64.b64encode(wire.request_content).decode(),
        },
        "status": each.status,
        "headers": each.response_headers,
        "body_base64": base64.b64encode(wire.response_content).decode(),
    }
    return json.dumps(line).encode() + b"\n"


def tnetstring(value: Any) -> bytes:
    """As mitmproxy writes its states."""
    match value:
        case None:
            kind, data = b"~", b""
        case bool():
            kind, data = b"!", str(value).lower().encode()
        case int():
            kind, data = b"#", str(value).encode()
        case float():
            kind, data = b"^", str(value).encode()
        case bytes():
            kind, data = b",", value
        case str():
            kind, data = b";", value.encode()
        case list() | tuple():
            kind, data = b"]", b"".join(map(tnetstring, value))
        case _:
            items = ((key, member) for key, member in value.items())
            kind, data = b"}", b"".join(tnetstring(key) + tnetstring(member) for key, member in items)
    return b"%d:%s%s" % (len(data), data, kind)


def flow_state(wire: Wire, **changes: Any) -> dict[str, Any]:
    return {
        "version": 21,
        "type": "http",
        "id": "0",
        "request": {
            "method": wire.method.encode(),
            "scheme": b"http",
            "host": "10.0.0.1",
            "port": 80,
            "path": wire.target.encode(),
            "authority": HOST,
            "http_version": b"HTTP/2.0",
            "headers": _pairs(wire.request_headers),
            "content": wire.request_content,
            "timestamp_start": 10.0,
        },
        "response": {
            "status_code": wire.status,
            "reason": b"",
            "headers": _pairs(wire.response_headers),
            "content": wire.response_content,
            "timestamp_end": 10.5,
        },
        **changes,
    }


def _pairs(fields: Fields) -> list[list[bytes]]:
    return [[name.encode(), value.encode()] for name, value in fields]


def flows(wires: Iterable[Wire]) -> bytes:
    return b"".join(tnetstring(flow_state(wire)) for wire in wires)


def burp(wires: Iterable[Wire]) -> bytes:
    return (BURP % "".join(_item(wire) for wire in wires)).encode()


def _item(wire: Wire) -> str:
    request, response = (base64.b64encode(raw).decode() for raw in (raw_request(wire), raw_response(wire)))
    return f"""  <item>
    <time>Tue Jun 04 10:00:00 CEST 2024</time>
    <url><![CDATA[http://{HOST}{wire.target}]]></url>
    <host ip="10.0.0.1">{HOST}</host>
    <port>80</port>
    <protocol>http</protocol>
    <method><![CDATA[{wire.method}]]></method>
    <path><![CDATA[{wire.target}]]></path>
    <extension>null</extension>
    <request base64="true"><![CDATA[{request}]]></request>
    <status>{wire.status}</status>
    <responselength>{len(response)}</responselength>
    <mimetype>JSON</mimetype>
    <response base64="true"><![CDATA[{response}]]></response>
    <comment></comment>
  </item>
"""


def plain_item(request: str, response: str, **members: str) -> str:
    """An item without base64."""
    others = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in members.items())
    return f"<item>{others}<request>{escape(request)}</request><response>{escape(response)}</response></item>"


def warc(wires: Iterable[Wire], *, is_request_first: bool = False, has_ids: bool = True) -> bytes:
    """Pairs of records; without ids they belong together by their URI."""
    records = [warc_record("warcinfo", 0, "", b"software: wirecheck\r\n")]
    for number, wire in enumerate(wires):
        uri = f"http://{HOST}{wire.target}"
        kinds = [("response", raw_response(wire)), ("request", raw_request(wire))]
        for kind, raw in reversed(kinds) if is_request_first else kinds:
            records.append(warc_record(kind, number, uri, raw, has_ids=has_ids))
    return b"".join(records)


def warc_record(
    kind: str, number: int, uri: str, block: bytes, *, has_ids: bool = False, **fields: str
) -> bytes:
    named = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:x:{kind}:{number}>"}
    if uri:
        named["WARC-Target-URI"] = uri
    if has_ids and kind == "request":
        named["WARC-Concurrent-To"] = f"<urn:x:response:{number}>"
    named["Content-Length"] = str(len(block))
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def nock(wires: Iterable[Wire]) -> bytes:
    """As nock 14 writes what it recorded: https://github.com/nock/nock#recording."""
    return json.dumps([_recorded_by_nock(wire) for wire in wires]).encode()


def _recorded_by_nock(wire: Wire) -> dict[str, Any]:
    is_coded = "Content-Encoding" in dict(wire.response_headers)
    is_binary = not is_coded and not is_text(wire.response_body)
    response = [wire.response_content.hex()] if is_coded else _by_nock(wire.response_body)
    return {
        "scope": f"http://{HOST}:80",
        "method": wire.method,
        "path": wire.target,
        "body": _by_nock(wire.request_content),
        "status": wire.status,
        "response": response,
        "rawHeaders": [text for field in wire.response_headers for text in field],
        "reqheaders": {name.lower(): value for name, value in wire.request_headers},
        "responseIsBinary": is_binary,
    }


def _by_nock(body: bytes) -> Any:
    """What is JSON is parsed, and what is not UTF-8 is written in hex."""
    if not is_text(body):
        return body.hex()
    try:
        return json.loads(body.decode(), parse_constant=_no_constant)
    except ValueError:
        return body.decode()


def _no_constant(name: str) -> None:
    raise ValueError(name)


def is_text(body: bytes) -> bool:
    """Whether a format that holds only text can hold a body."""
    return body.decode("utf-8", "replace").encode() == body
