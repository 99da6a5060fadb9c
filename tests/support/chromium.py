"""Drives Chromium over the Chrome DevTools Protocol, and makes a HAR of what it does.

The network events (https://chromedevtools.github.io/devtools-protocol/) become entries as in the export of
Chrome's developer tools.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlsplit

SENSITIVE = {"authorization", "cookie", "set-cookie"}

# Chromium reads commands from descriptor 3 and writes events to 4.
_WITH_PIPES = """
import fcntl, os, sys
commands, events = (fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3])
os.dup2(commands, 3)
os.dup2(events, 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """Chromium, driven over a pipe: messages end in a null byte."""

    def __init__(self, executable: str, profile: str) -> None:
        options = (
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update", "--disable-quic"),
        )
        commands, self._commands = os.pipe()
        self._events, events = os.pipe()

        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", _WITH_PIPES, str(commands), str(events), executable, *options),
                *(f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"),
            ],
            pass_fds=(commands, events),
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(events)
        self._reader: BinaryIO = os.fdopen(self._events, "rb", 0)
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """Sends a command and returns its result; events that come first are kept."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        os.write(
            self._commands,
            json.dumps({**message, **({"sessionId": session} if session else {})}).encode() + b"\0",
        )
        for received in self._messages():
            if received.get("id") == self._number:
                result: dict[str, Any] = received.get("result", {})
                return result
            self.events.append(received)
        raise EOFError("the browser has gone")

    def close(self) -> None:
        """Ends the browser."""
        self.process.terminate()
        self.process.wait()
        os.close(self._commands)
        self._reader.close()

    def _messages(self) -> Iterator[dict[str, Any]]:
        while True:
            while b"\0" not in self._buffer:
                data = self._reader.read(1 << 16)
                if not data:
                    return
                self._buffer += data
            message, _, self._buffer = self._buffer.partition(b"\0")
            yield json.loads(message)


def visit(executable: str, url: str) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The network events of a visit of a page until its title is "done", and the bodies by request."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(executable, profile)
        try:
            target = browser.send("Target.createTarget", url="about:blank")["targetId"]
            session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            browser.send("Network.enable", session)
            browser.send("Page.enable", session)
            browser.send("Page.navigate", session, url=url)
            for _ in range(300):
                time.sleep(0.1)
                title = browser.send("Runtime.evaluate", session, expression="document.title")
                if title.get("result", {}).get("value") == "done":
                    break
            bodies = {}
            for event in list(browser.events):
                if event.get("method") == "Network.loadingFinished":
                    request = event["params"]["requestId"]
                    bodies[request] = browser.send("Network.getResponseBody", session, requestId=request)
            return browser.events, bodies
        finally:
            browser.close()


def entries(events: list[dict[str, Any]], bodies: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of a HAR, in the order of the requests."""
    finished: list[dict[str, Any]] = []
    current: dict[str, dict[str, Any]] = {}
    sent_headers: dict[str, list[dict[str, str]]] = {}
    received: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        method, parameters = event.get("method", ""), event.get("params", {})
        request = parameters.get("requestId", "")
        match method.removeprefix("Network."):
            case "requestWillBeSentExtraInfo":
                sent_headers.setdefault(request, []).append(parameters["headers"])
            case "responseReceivedExtraInfo":
                received.setdefault(request, []).append(parameters)
            case "requestWillBeSent" | "webSocketCreated":
                if "redirectResponse" in parameters:
                    current[request]["response"] = parameters["redirectResponse"]
                    current[request]["redirected"] = True
                current[request] = {**parameters, "id": request, "finished": False}
                finished.append(current[request])
            case "webSocketWillSendHandshakeRequest":
                current[request] |= {
                    "request": {"method": "GET", "headers": parameters["request"]["headers"]}
                }
                current[request]["request"]["url"] = current[request]["url"]
            case "responseReceived" | "webSocketHandshakeResponseReceived" if request in current:
                current[request] |= {"response": parameters["response"]}
                current[request]["type"] = parameters.get("type", "WebSocket")
            case "requestServedFromCache" if request in current:
                current[request]["cached"] = "memory"
            case "loadingFailed" if request in current:
                current[request]["error"] = parameters["errorText"]
    return [entry(each, bodies, sent_headers, received) for each in finished if "request" in each]


def entry(
    event: dict[str, Any],
    bodies: dict[str, dict[str, Any]],
    sent_headers: dict[str, list[dict[str, str]]],
    received: dict[str, list[dict[str, Any]]],
) -> dict[str, Any]:
    """An entry as Chrome writes it: what is known of the wire wins over what the page was told."""
    request, response = event["request"], event.get("response", {})
    wire = received[event["id"]].pop(0) if received.get(event["id"]) else {}
    actual = sent_headers[event["id"]].pop(0) if sent_headers.get(event["id"]) else request["headers"]
    body = {} if event.get("redirected") else bodies.get(event["id"], {})
    text = body.get("body", "")
    size = len(base64.b64decode(text)) if body.get("base64Encoded") else len(text.encode())
    status = wire.get("statusCode", response.get("status", 0))
    headers = named(wire.get("headers", response.get("headers", {})))
    location = next((each["value"] for each in headers if each["name"].lower() == "location"), "")
    query = urlsplit(request["url"]).query
    sent: dict[str, Any] = {
        "method": request["method"],
        "url": request["url"],
        "httpVersion": response.get("protocol", "http/1.1"),
        "headers": named(actual),
        "queryString": [{"name": name, "value": value} for name, value in parse_qsl(query)],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(request.get("postData", "")),
    }
    if "postData" in request:
        sent["postData"] = {"mimeType": value_of(actual, "content-type"), "text": request["postData"]}
    content: dict[str, Any] = {"size": size, "mimeType": response.get("mimeType", "x-unknown")}
    if text:
        content |= {"text": text, **({"encoding": "base64"} if body.get("base64Encoded") else {})}
    returned: dict[str, Any] = {
        "status": status,
        "statusText": response.get("statusText", ""),
        "httpVersion": response.get("protocol", "http/1.1"),
        "headers": headers,
        "cookies": [],
        "content": content,
        "redirectURL": location,
        "headersSize": -1,
        "bodySize": 0 if status == 304 or response.get("fromDiskCache") else size,
        "_transferSize": int(response.get("encodedDataLength", 0)),
        "_error": event.get("error"),
        "_fetchedViaServiceWorker": response.get("fromServiceWorker", False),
    }
    if "serviceWorkerResponseSource" in response:
        returned["_serviceWorkerResponseSource"] = response["serviceWorkerResponseSource"]
    cached = "disk" if response.get("fromDiskCache") and status != 304 else event.get("cached")
    return {
        "_resourceType": event.get("type", "WebSocket").lower(),
        **({"_fromCache": cached} if cached else {}),
        "cache": {},
        "request": sent,
        "response": returned,
        "startedDateTime": "2024-01-01T00:00:00.000Z",
        "time": 1,
        "timings": {"send": 0, "wait": 1, "receive": 0},
    }


def har(recorded: list[dict[str, Any]]) -> bytes:
    """A HAR of entries, without cookies and Authorization as Chrome exports it by default."""
    for entry in recorded:
        for message in (entry["request"], entry["response"]):
            message["headers"] = [
                each for each in message["headers"] if each["name"].lower() not in SENSITIVE
            ]
    return complete_har(recorded)


def complete_har(recorded: list[dict[str, Any]]) -> bytes:
    """A HAR of entries, as Chrome exports it with sensitive data."""
    log = {"version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": []}
    return json.dumps({"log": {**log, "entries": recorded}}, indent=1).encode() + b"\n"


def named(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def value_of(headers: dict[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
