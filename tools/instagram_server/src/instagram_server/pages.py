"""Pages for people: what runs here, and its contract to read and to try, all without the network."""

import json
import re
import shlex
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from instagram_server import layout, seed_data, wire
from instagram_server.platform import Platform

_HERE = Path(__file__)
_SPECS = (_HERE.parent / "spec" / "openapi.yaml", _HERE.parents[4] / "spec" / "openapi.yaml")
_ADDRESS = re.compile(r"(\b(?:url|authorizationUrl|tokenUrl): )https://api\.instagram\.com(/\S*)?(?=\s)")
_DESCRIPTION = re.compile(r"(?m)^(servers:\n  - url: .*\n    description: ).*$")
_DOCS_POLICY = {
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Swagger UI styles its elements one by one
    "img-src": "'self' data:",
    "connect-src": "'self'",
}


async def index(request: Request) -> Response:
    platform: Platform = request.app.state.platform
    address, limit = wire.own_address(request), platform.settings.rate_limit
    rate = "never refused" if limit is None else f"{limit} requests an hour and token"
    rows = "\n".join(_token_row(platform, address, name, token) for name, token in seed_data.tokens().items())
    client = seed_data.DEMO_CLIENT
    redirect_uri = platform.store.value("SELECT redirect_uri FROM client WHERE id = ?", client.id)
    ask = {"client_id": client.id, "redirect_uri": redirect_uri, "response_type": "code"}
    consent = f"/oauth/authorize/?{urlencode({**ask, 'scope': 'basic likes comments'})}"
    note = ""
    if redirect_uri != f"{address}/demo/callback":
        note = (
            '<p class="soft">The demo app is registered to be called back at '
            f"<code>{escape(redirect_uri)}</code>, which is not where you see this page.</p>"
        )
    upload = _curl(
        *(
            "-d",
            "access_token=" + seed_data.tokens()["all"],
            "-d",
            "caption=First #snow",
            f"{address}/demo/media",
        )
    )
    body = f"""<main>
<h1>Instagram REST API v1</h1>
<p>A reference server that behaves as the API did. Everything on it is made up.</p>
<dl>
<dt>State as of</dt><dd>{escape(platform.settings.era)}</dd>
<dt>Rate limit</dt><dd>{escape(rate)}</dd>
<dt>API</dt><dd><code>{escape(address)}/v1</code></dd>
</dl>
<p><a href="/docs">Read and try the contract</a> · <a href="/openapi.yaml">openapi.yaml</a>
· <a href="{escape(consent)}">Let the demo app in</a> (OAuth)</p>
{note}
<h2>Demo tokens</h2>
<p class="soft">All belong to the demo app; a click selects a whole line.</p>
<table>
<thead><tr><th>Token</th><th>Try it</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<h2>Notifications</h2>
<p>The API never took uploads. This helper stands in for the phone, so that subscriptions
have something to tell:</p>
<pre>{escape(upload)}</pre>
</main>"""
    return layout.page("Instagram REST API v1", body)


def _token_row(platform: Platform, address: str, name: str, token: str) -> str:
    sql = "SELECT t.*, u.username FROM token AS t JOIN user AS u ON u.id = t.user WHERE token = ?"
    row = platform.store.row(sql, token)
    what = "gone" if row is None else f"{row['username']}: {row['scopes']}"
    if row is not None and row["revoked"]:
        what += " (revoked)"
    curl = _curl(f"{address}/v1/users/self?{urlencode({'access_token': token})}")
    return (
        f'<tr><td><b>{escape(name)}</b><br><span class="soft">{escape(what)}</span></td>'
        f"<td><pre>{escape(curl)}</pre></td></tr>"
    )


def _curl(*arguments: str) -> str:
    return shlex.join(["curl", *arguments])


async def docs(request: Request) -> Response:
    client = seed_data.DEMO_CLIENT
    head = (
        '<link rel="stylesheet" href="/static/swagger-ui.css">\n'
        '<link rel="stylesheet" href="/static/docs.css">\n'
        '<script src="/static/swagger-ui-bundle.js" defer></script>\n'
        '<script src="/static/docs.js" defer></script>'
    )
    body = (
        '<nav><a href="/">Start page</a></nav>\n'
        f'<div id="contract" data-token="{escape(seed_data.tokens()["all"])}" '
        f'data-client-id="{escape(client.id)}" data-client-secret="{escape(client.secret)}"></div>\n'
        "<noscript>Reading the contract here needs JavaScript; "
        '<a href="/openapi.yaml">openapi.yaml</a> does not.</noscript>'
    )
    return layout.page("Instagram REST API v1: contract", body, _DOCS_POLICY, head)


async def contract(request: Request) -> Response:
    """The OpenAPI document, with this server in place of the original."""
    address = wire.own_address(request)
    text = _ADDRESS.sub(lambda found: found[1] + json.dumps(address + (found[2] or "")), _spec())
    text = _DESCRIPTION.sub(r"\1This server.", text)
    return Response(text, media_type="application/yaml; charset=utf-8", headers={"Cache-Control": "no-store"})


@cache
def _spec() -> str:
    """From the package, or from the checkout that it runs in."""
    return next(path for path in _SPECS if path.is_file()).read_text(encoding="utf-8")


routes: list[BaseRoute] = [
    Route("/", index, methods=["GET"]),
    Route("/docs", docs, methods=["GET"]),
    Route("/openapi.yaml", contract, methods=["GET"]),
    Mount("/static", StaticFiles(directory=layout.STATIC)),
]
