"""Records real traffic with proxies and servers: ``python -m support.record_proxies FOLDER TOOL...``.

A tool is the path of a mitmdump, nginx, apache2 or caddy, or ``warcio``. Each stands between a client and
a server that exchange ``support.pets.WIRES``; what it writes is stored in the folder, by its name.
"""

import http.client
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.pets import WIRES, Wire

HOST, PROXY, SERVER = "127.0.0.1", 8001, 8000
BROKEN = Wire("GET", "/v1/pets?limit=3", 0)
"""The server closes the connection without a response."""

NGINX = """
daemon off; pid FOLDER/pid; error_log FOLDER/error.log;
events {}
http {
  log_format api escape=json '{"time":"$time_iso8601","request_method":"$request_method",'
    '"scheme":"$scheme","host":"$host","request_uri":"$request_uri","status":$status,'
    '"request_time":$request_time,"http_user_agent":"$http_user_agent",'
    '"sent_http_content_type":"$sent_http_content_type"}';
  log_format line escape=json '{"time":"$time_iso8601","request":"$request","status":"$status",'
    '"http_host":"$http_host","body_bytes_sent":"$body_bytes_sent"}';
  log_format path escape=json '{"method":"$request_method","uri":"$uri","args":"$args","status":$status}';
  access_log FOLDER/nginx.log api;
  access_log FOLDER/nginx-request.log line;
  access_log FOLDER/nginx-path.log path;
  access_log FOLDER/nginx-combined.log combined;
  server { listen 127.0.0.1:8001; location / { proxy_pass http://127.0.0.1:8000; proxy_http_version 1.1; } }
}
"""
APACHE = """
ServerName localhost
Listen 127.0.0.1:8001
PidFile FOLDER/pid
ErrorLog FOLDER/error.log
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LogFormat "LINE" api
CustomLog FOLDER/apache.log api
CustomLog FOLDER/apache-common.log "%h %l %u %t \\"%r\\" %>s %b"
ProxyPass / http://127.0.0.1:8000/ nocanon
"""
LINE = '{"time":"%t","method":"%m","host":"%v","path":"%U","query":"%q","status":"%>s","duration_us":%D}'
CADDY = """
{
  admin off
  auto_https off
}
http://127.0.0.1:8001 {
  log {
    output file FOLDER/caddy.log
    format json
  }
  reverse_proxy 127.0.0.1:8000 {
    transport http {
      compression off
    }
  }
}
"""
CONFIGURATIONS = {"nginx": NGINX, "apache2": APACHE.replace("LINE", LINE.replace('"', '\\"')), "caddy": CADDY}


def main(folder: Path, tools: list[str]) -> None:
    for tool in tools:
        name = Path(tool).name
        if name == "warcio":
            record_warc(folder / "warcio.warc")
        elif name == "mitmdump":
            version = subprocess.check_output([tool, "--version"], text=True).split()[1]
            record_flows(tool, folder / f"mitmproxy-{version.split('.')[0]}.flow")
        else:
            record_logs(tool, name, folder)


def record_flows(mitmdump: str, file: Path) -> None:
    file.unlink(missing_ok=True)
    reverse = f"reverse:http://{HOST}:{SERVER}"
    command = [mitmdump, "-q", "--mode", reverse, "--listen-host", HOST, "--listen-port", str(PROXY)]
    with server(), running([*command, "-w", str(file)]):
        exchange_all(PROXY)
        send(http.client.HTTPConnection(HOST, PROXY, timeout=5), BROKEN)


def record_logs(tool: str, name: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o777)
        file = Path(scratch, "Caddyfile" if name == "caddy" else "configuration")
        file.write_text(CONFIGURATIONS[name].replace("FOLDER", scratch))
        commands = {
            "nginx": [tool, "-c", str(file)],
            "apache2": [tool, "-d", scratch, "-f", str(file), "-DFOREGROUND"],
            "caddy": [tool, "run", "--config", str(file), "--adapter", "caddyfile"],
        }
        with server(), running(commands[name]):
            exchange_all(PROXY)
        for log in Path(scratch).glob("*.log"):
            if log.name != "error.log":
                (folder / log.name).write_bytes(log.read_bytes())


def record_warc(file: Path) -> None:
    from warcio.capture_http import capture_http  # type: ignore[import-untyped]  # patches http.client

    file.unlink(missing_ok=True)
    with server(), capture_http(str(file), gzip=False):
        exchange_all(SERVER)


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(PROXY)
        yield
        time.sleep(0.5)
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port}")


def exchange_all(port: int) -> None:
    for wire in WIRES:
        exchange(http.client.HTTPConnection(HOST, port, timeout=5), wire)


def exchange(connection: http.client.HTTPConnection, wire: Wire) -> None:
    status, body = send(connection, wire)
    if (status, body) != (wire.status, wire.response_body):
        raise SystemExit(f"{wire.method} {wire.target}: {status} {body[:99]!r}")


def send(connection: http.client.HTTPConnection, wire: Wire) -> tuple[int, bytes]:
    connection.putrequest(wire.method, wire.target, skip_accept_encoding=True)
    for name, value in wire.request_headers:
        connection.putheader(name, value)
    if wire.request_body or wire.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(wire.request_body)))
    connection.endheaders(wire.request_body or None)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


@contextmanager
def server() -> Iterator[None]:
    """Responds with the responses of WIRES, one after the other."""
    wires = iter(WIRES)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            wire = next(wires, BROKEN)
            if (self.command, self.path, body) != (wire.method, wire.target, wire.request_body):
                raise SystemExit(f"{wire.method} {wire.target} arrived as {self.command} {self.path}")
            self.close_connection = True
            if not wire.status:
                return
            self.send_response_only(wire.status)
            for name, value in wire.response_headers:
                self.send_header(name, value)
            if wire.is_chunked:
                self.send_header("Transfer-Encoding", "chunked")
            elif wire.status not in (204, 304):
                self.send_header("Content-Length", str(len(wire.response_body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(chunked(wire.response_body) if wire.is_chunked else wire.response_body)

        def log_message(self, *_: object) -> None:
            pass

    for method in {wire.method for wire in WIRES}:
        respond: Callable[[Handler], None] = Handler.respond
        setattr(Handler, f"do_{method}", respond)
    with ThreadingHTTPServer((HOST, SERVER), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield
        httpd.shutdown()


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
