"""The server of docs/tutorial.md. It needs nothing but Python, and it has two defects."""

import json
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

notes: list[dict[str, Any]] = []


def add(text: str) -> dict[str, Any]:
    number = str(len(notes) + 1)
    notes.append({"id": number, "text": text, "created": datetime.now(UTC).isoformat()})
    return notes[-1]


def valid(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("text"), str) and 1 <= len(body["text"]) <= 200


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        limit = parse_qs(url.query, keep_blank_values=True).get("limit", ["10"])[0]
        number = url.path.removeprefix("/notes/")
        if url.path == "/notes" and limit.isdecimal() and int(limit) >= 1:
            self.reply(200, notes[::-1][: int(limit)])
        elif url.path == "/notes":
            self.reply(422, {"error": "limit is not a number from 1 to 50"})
        elif number.isdecimal() and 1 <= int(number) <= len(notes):
            self.reply(200, notes[int(number) - 1])
        else:
            self.reply(404, {"error": "no such note"})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        except ValueError:
            body = None
        if self.path != "/notes":
            self.reply(404, {"error": "no such page"})
        elif valid(body):
            self.reply(201, add(body["text"]))
        else:
            self.reply(422, {"error": "text is not a text of 1 to 200 characters"})

    def reply(self, status: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the terminal quiet."""


add("Water the plants")
port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
