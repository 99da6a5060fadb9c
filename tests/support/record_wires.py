"""Records ``support.wires`` with tools: ``python -m support.record_wires FOLDER TOOL...``.

A tool is the path of a mitmdump, nginx, apache2 or caddy, which stand between a client and a server, of a
chromium or a curl, which are the client, or ``warcio``. What it writes is stored in the folder, by its name.
"""

import base64
import gzip
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support import chromium
from support.same_findings import SPEC
from support.wire_server import server
from support.wires import BROKEN, WIRES, Wire

HOST, PROXY, SERVER = "127.0.0.1", 8001, 8000

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
  log_format bare escape=json '{"method":"$request_method","uri":"$uri","status":$status}';
  access_log FOLDER/nginx.log api;
  access_log FOLDER/nginx-bare.log bare;
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
            record_warc(folder / "warcio.warc.gz")
        elif name == "chromium":
            record_har(tool, folder / "chromium.har.gz")
        elif name == "curl":
            record_bodies(tool, folder / "curl.zip")
        elif name == "mitmdump":
            version = subprocess.check_output([tool, "--version"], text=True).split()[1]
            record_flows(tool, folder / f"mitmproxy-{version.split('.')[0]}.flow.gz")
        else:
            record_logs(tool, name, folder)


def record_flows(mitmdump: str, file: Path) -> None:
    reverse = f"reverse:http://{HOST}:{SERVER}"
    command = [mitmdump, "-q", "--mode", reverse, "--listen-host", HOST, "--listen-port", str(PROXY)]
    with tempfile.TemporaryDirectory() as scratch:
        flows = Path(scratch, "a.flow")
        with server(SERVER), running([*command, "-w", str(flows)]):
            exchange_all(PROXY)
            send(http.client.HTTPConnection(HOST, PROXY, timeout=5), BROKEN)
        file.write_bytes(gzip.compress(flows.read_bytes(), mtime=0))


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
        with server(SERVER), running(commands[name]):
            exchange_all(PROXY)
        for log in Path(scratch).glob("*.log"):
            if log.name != "error.log":
                (folder / f"{log.name}.gz").write_bytes(gzip.compress(log.read_bytes(), mtime=0))


def record_warc(file: Path) -> None:
    from warcio.capture_http import capture_http  # patches http.client

    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch, "a.warc")
        with server(SERVER), capture_http(str(archive), gzip=False):
            exchange_all(SERVER, (wire for wire in WIRES if wire.method != "COPY"))  # which warcio rejects
        file.write_bytes(gzip.compress(archive.read_bytes(), mtime=0))


PAGE = """<!doctype html><script>
const wires = WIRES;
async function run() {
  for (const [method, target, {Cookie, ...headers}, text] of wires) {
    const cookies = (Cookie || '').split('; ');
    cookies.forEach(cookie => document.cookie = cookie);
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
    let body = bytes;
    try {
      const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
      if (headers['Content-Type']) body = decoder.decode(bytes);  // a text alone would get a type
    } catch (error) { /* it is no text */ }
    const hasBody = !['GET', 'HEAD'].includes(method);
    const options = {method, headers, redirect: 'manual', cache: 'no-store', ...(hasBody ? {body} : {})};
    try { await (await fetch(target, options)).arrayBuffer(); } catch (error) { /* as the server meant it */ }
    cookies.forEach(cookie => document.cookie = `${cookie}; max-age=0`);
  }
  document.title = 'done';
}
run();
</script>"""


def record_har(executable: str, file: Path) -> None:
    """What a page fetches; it deletes the cookies that it sent."""
    wires = [
        (
            wire.method,
            wire.target,
            dict(wire.request_headers),
            base64.b64encode(wire.request_content).decode(),
        )
        for wire in WIRES
    ]
    page = PAGE.replace("WIRES", json.dumps(wires)).encode()
    with server(SERVER, page) as origin:
        events, bodies = chromium.visit(executable, f"{origin}/")
    har = chromium.complete_har(chromium.entries(events, bodies))
    file.write_bytes(gzip.compress(har, mtime=0))


def record_bodies(curl: str, file: Path) -> None:
    """The bodies of responses of the operations, each in a folder of its number."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        server(SERVER) as origin,
    ):
        for number, wire in enumerate(WIRES):
            match = SPEC.match(wire.method, wire.target.partition("?")[0])
            operation = match.operation if match else None
            if operation is None or operation.method != wire.method:
                continue
            body = Path(scratch, "body")
            body.write_bytes(wire.request_content)
            fields = [text for pair in wire.request_headers for text in ("--header", ": ".join(pair))]
            data = ["--data-binary", f"@{body}"] if wire.request_content else []
            name = f"{number:03}/{operation.name}.{wire.status}.json"
            saved = Path(scratch, "saved")
            options = [
                "--silent",
                "--globoff",
                "--compressed",
                "--request",
                wire.method,
                "--output",
                str(saved),
            ]
            subprocess.run([curl, *options, *fields, *data, origin + wire.target], check=True)
            archive.writestr(zipfile.ZipInfo(name), saved.read_bytes(), zipfile.ZIP_DEFLATED)


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


def exchange_all(port: int, wires: Iterable[Wire] = WIRES) -> None:
    for wire in wires:
        exchange(http.client.HTTPConnection(HOST, port, timeout=5), wire)


def exchange(connection: http.client.HTTPConnection, wire: Wire) -> None:
    status, body = send(connection, wire)
    if (status, body) != (wire.status, wire.response_content):
        raise SystemExit(f"{wire.method} {wire.target}: {status} {body[:99]!r}")


def send(connection: http.client.HTTPConnection, wire: Wire) -> tuple[int, bytes]:
    body = wire.request_content
    connection.putrequest(wire.method, wire.target, skip_accept_encoding=True)
    for name, value in wire.request_headers:
        connection.putheader(name, value)
    if body or wire.method in ("POST", "PUT", "PATCH"):
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    response = connection.getresponse()
    received = response.read()
    connection.close()
    return response.status, received


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
