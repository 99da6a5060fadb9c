#!/bin/sh
# Record one visit to server.py with many programs, each of which must be installed; recordings/ is what they wrote.
# Usage: sh record_all.sh FOLDER PROGRAM...
# A PROGRAM is curl, mitmdump, nginx, caddy, pytest, betamax, warcio, wget, newman, nock or playwright. pytest is that
# of `pip install pytest-recording requests`; nock and playwright have to be installed in the FOLDER (npm), and
# CHROMIUM may name the browser for the latter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1" && shift
server=http://127.0.0.1:8000 proxy=http://127.0.0.1:8001 notes=$here/recordings/notes.postman_collection.json
scratch=$(mktemp -d)
pids=
trap 'stop; rm -rf "$scratch"' EXIT

start() { # a program, and wait until it listens at the address
    address=$1 && shift
    "$@" > "$scratch/out" 2>&1 &
    pids="$! $pids"
    until curl --silent --output /dev/null "$address/notes/1"; do sleep 0.2; done
}

stop() { # what was started, the last one first
    for pid in $pids; do kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
    pids=
}

visit() { # an address, with curl or a program like it
    address=$1 && shift
    "$@" "$address/notes" --header 'Content-Type: application/json' --data '{"text": "Buy bread"}'
    "$@" "$address/notes/99"
    "$@" "$address/notes?limit=51"
}

python_visit() { # with a session of requests, as the body of a block
    cat << END
    $1.post("$server/notes", json={"text": "Buy bread"})
    $1.get("$server/notes/99")
    $1.get("$server/notes?limit=51")
END
}

node_visit() { # with fetch
    cat << 'END'
async () => {
  const headers = {'Content-Type': 'application/json'};
  await (await fetch('/notes', {method: 'POST', headers, body: '{"text": "Buy bread"}'})).text();
  await (await fetch('/notes/99')).text();
  await (await fetch('/notes?limit=51')).text();
}
END
}

record_curl() {
    rm -f traffic.jsonl
    visit $server sh "$here/record.sh"
    mv traffic.jsonl curl.jsonl
}

record_mitmdump() {
    rm -f mitmproxy.flow
    # What `start` asks for until it listens is not of the visit.
    start $proxy mitmdump --mode "reverse:$server" --listen-port 8001 -w mitmproxy.flow '!~u notes/1$'
    visit $proxy curl --silent --output /dev/null
}

record_nginx() {
    cat > "$scratch/nginx.conf" << END
daemon off; pid $scratch/nginx.pid; error_log $scratch/error.log;
events {}
http {
  log_format api escape=json '{"time":"\$time_iso8601","request_method":"\$request_method",'
    '"scheme":"\$scheme","host":"\$host","request_uri":"\$request_uri","status":\$status,'
    '"request_time":\$request_time,"sent_http_content_type":"\$sent_http_content_type"}';
  access_log $scratch/access.log api;
  server { listen 127.0.0.1:8001; location / { proxy_pass $server; } }
}
END
    start $proxy nginx -c "$scratch/nginx.conf" -e "$scratch/error.log"
    visit $proxy curl --silent --output /dev/null
    grep --invert-match '/notes/1"' "$scratch/access.log" > nginx.log
}

record_caddy() {
    cat > "$scratch/Caddyfile" << END
{
  admin off
}
http://127.0.0.1:8001 {
  log {
    output file $scratch/caddy.log
  }
  reverse_proxy 127.0.0.1:8000
}
END
    start $proxy caddy run --config "$scratch/Caddyfile" --adapter caddyfile
    visit $proxy curl --silent --output /dev/null
    grep --invert-match '/notes/1"' "$scratch/caddy.log" > caddy.log
}

record_pytest() {
    cat > "$scratch/test_notes.py" << END
import pytest
import requests

@pytest.mark.vcr
def test_visit():
$(python_visit requests)
END
    python -m pytest -q -p no:cacheprovider --record-mode=once "$scratch/test_notes.py"
    mv "$scratch/cassettes/test_notes/test_visit.yaml" pytest-recording.yaml
}

record_betamax() {
    rm -f betamax.json
    python - << END
import betamax
import requests

session = requests.Session()
options = {"preserve_exact_body_bytes": True}
with betamax.Betamax(session, ".", default_cassette_options=options).use_cassette("betamax"):
$(python_visit session)
END
}

record_warcio() {
    rm -f warcio.warc.gz
    python - << END
from warcio.capture_http import capture_http
import requests

with capture_http("warcio.warc.gz"):
$(python_visit requests)
END
}

record_wget() { # what can be asked for with GET; 404 makes its exit code 8
    wget --quiet --output-document=/dev/null --no-warc-keep-log --warc-file=wget \
        "$server/notes/99" "$server/notes?limit=51" || [ $? = 8 ]
}

record_newman() {
    newman run "$notes" --reporters json --reporter-json-export newman.json
}

record_nock() {
    cat > visit.mjs << END
import fs from 'node:fs';
import nock from 'nock';
nock.recorder.rec({ output_objects: true, dont_print: true, enable_reqheaders_recording: true });
const fetch = (path, options) => globalThis.fetch('$server' + path, options);
await ($(node_visit))();
fs.writeFileSync('nock.json', JSON.stringify(nock.recorder.play(), null, 1) + '\n');
END
    node visit.mjs && rm visit.mjs
}

record_playwright() {
    cat > visit.mjs << END
import { chromium } from 'playwright';
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, chromiumSandbox: false });
const context = await browser.newContext({ recordHar: { path: 'playwright.har', content: 'embed' } });
const page = await context.newPage();
await page.goto('$server/notes/99');
await page.evaluate($(node_visit));
await context.close();
await browser.close();
END
    node visit.mjs && rm visit.mjs
}

for program; do
    start $server python "$here/server.py"
    "record_$program"
    sleep 1
    stop
    echo "$program"
done
