"""Records a browser on a small site: ``python -m support.record_browser CHROMIUM FILE``.

The site is at localhost:8000, its API (examples/site/openapi.yaml) at localhost:8001, a CDN at
localhost:8002. The HAR is without cookies and Authorization.
"""

import base64
import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from support.chromium import entries, har, visit

SITE, API, CDN = 8000, 8001, 8002
PAGE = f"""<!doctype html><title>Notes</title><link rel=stylesheet href=/style.css>
<script src=http://localhost:{CDN}/lib.js></script>
<img src=http://localhost:{CDN}/logo.svg><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<script src=/app.js></script>"""
WORKER = """
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {
  if (event.request.url.endsWith('/notes/404')) event.respondWith(new Response('offline', {status: 503}));
  else if (event.request.url.endsWith('/notes/3')) event.respondWith(fetch(event.request));
});"""
APP = f"""
const api = 'http://localhost:{API}/v1';
const headers = {{'X-Client': 'web', Authorization: 'Bearer t0ken-of-the-site'}};
async function quietly(promise) {{
  try {{ return await (await promise).text(); }} catch (error) {{ return ''; }}
}}
async function run() {{
  await quietly(fetch(api + '/notes?limit=2', {{headers}}));
  await quietly(fetch(api + '/notes', {{method: 'POST', body: '{{"text": "hi"}}',
    headers: {{...headers, 'Content-Type': 'application/json'}}}}));
  await quietly(fetch(api + '/notes/1'));
  await quietly(fetch(api + '/notes/1', {{cache: 'no-cache'}}));
  await quietly(fetch(api + '/notes/1', {{cache: 'force-cache'}}));
  await quietly(fetch(api + '/notes/2'));
  await quietly(fetch(api + '/report?year=last'));
  await quietly(fetch('http://localhost:{CDN}/v1/flags'));
  await quietly(fetch('data:application/json,{{}}'));
  await quietly(fetch(URL.createObjectURL(new Blob(['x']))));
  const abort = new AbortController();
  const slow = quietly(fetch(api + '/notes/9', {{signal: abort.signal}}));
  setTimeout(() => abort.abort(), 100);
  await slow;
  await new Promise(resolve => {{
    const socket = new WebSocket('ws://localhost:{API}/v1/live');
    socket.onclose = resolve;
  }});
  navigator.sendBeacon('/collect', 'x');
  await navigator.serviceWorker.register('/worker.js');
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise(resolve => setTimeout(resolve, 50));
  await quietly(fetch(api + '/notes/3'));
  await quietly(fetch(api + '/notes/404'));
  document.title = 'done';
}}
run();"""
NOTES: dict[str, Any] = {
    "1": {"id": 1, "text": "one"},
    "2": {"id": "two", "text": "the id is no integer: the one violation"},
    "3": {"id": 3, "text": "three"},
}


class Handler(BaseHTTPRequestHandler):
    """The site, the API and the CDN, by the port."""

    protocol_version = "HTTP/1.1"

    @property
    def port(self) -> int:
        port: int = self.connection.getsockname()[1]
        return port

    def log_message(self, *_arguments: object) -> None:
        pass

    def respond(self, status: int, body: bytes = b"", kind: str = "", **headers: str) -> None:
        self.send_response(status)
        given = {"Content-Type": kind} if kind else {}
        cors = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
        allowed = cors if self.port in (API, CDN) else {}
        for name, value in {**given, **allowed, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if status not in (101, 204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def json(self, value: Any, status: int = 200) -> None:
        self.respond(status, json.dumps(value).encode(), "application/json")

    def do_GET(self) -> None:
        port, path = self.port, urlsplit(self.path).path
        files = {
            (SITE, "/"): (PAGE, "text/html"),
            (SITE, "/app.js"): (APP, "text/javascript"),
            (SITE, "/style.css"): ("body {}", "text/css"),
            (SITE, "/worker.js"): (WORKER, "text/javascript"),
            (CDN, "/lib.js"): ("window.lib = 1", "text/javascript"),
            (CDN, "/logo.svg"): ("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
            (CDN, "/v1/flags"): ('{"dark": true}', "application/json"),
            (API, "/login"): ("<!doctype html><title>Log in</title>", "text/html"),
        }
        if (port, path) in files:
            text, kind = files[port, path]
            self.respond(200, text.encode(), kind)
        elif port == API and path == "/v1/live":
            self.upgrade()
        elif port == API and path == "/v1/notes":
            self.json([NOTES["1"], NOTES["3"]])
        elif port == API and path == "/v1/report":
            self.respond(302, Location="/login")
        elif port == API and path.startswith("/v1/notes/"):
            self.note(path.rpartition("/")[2])
        else:
            self.respond(404, b"nothing", "text/plain")

    def note(self, name: str) -> None:
        if name == "9":
            time.sleep(1)
        if self.headers.get("If-None-Match") == '"1"':
            self.respond(304, ETag='"1"', Cache_Control="max-age=60")
        else:
            body = json.dumps(NOTES.get(name, NOTES["3"])).encode()
            caching = {"ETag": '"1"', "Cache_Control": "max-age=60"} if name == "1" else {}
            self.respond(200, body, "application/json", **caching)

    def upgrade(self) -> None:
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
        accept = base64.b64encode(hashlib.sha1(key.encode(), usedforsecurity=False).digest()).decode()
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Accept": accept}
        self.respond(101, b"\x81\x02hi\x88\x00", **upgrade)
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.port == API:
            self.json({"id": 4, **json.loads(body)}, 201)
        else:
            self.respond(204)

    def do_OPTIONS(self) -> None:
        self.respond(204, Access_Control_Max_Age="0")


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: the page aborts a request."""


def main(executable: str, file: str) -> None:
    servers = [Server(("127.0.0.1", port), Handler) for port in (SITE, API, CDN)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    recorded = entries(*visit(executable, f"http://localhost:{SITE}/"))
    for server in servers:
        server.shutdown()
    Path(file).write_bytes(har(recorded))


if __name__ == "__main__":
    main(*sys.argv[1:])
