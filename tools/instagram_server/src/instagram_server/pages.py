"""Pages for people: the start page, and the contract to read and to try, all without the network."""

import json
import re
import shlex
import sqlite3
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from instagram_server import browse, layout, seed_data, wire
from instagram_server.config import Era
from instagram_server.platform import Platform
from instagram_server.store import Store

_HERE = Path(__file__)
_SPECS = (_HERE.parent / "spec" / "openapi.yaml", _HERE.parents[4] / "spec" / "openapi.yaml")
_ADDRESS = re.compile(
    r"(\b(?:url|authorizationUrl|tokenUrl): )https://api\.instagram\.com(/[^\s}]*)?(?=[\s}])"
)
_DESCRIPTION = re.compile(r"(?m)^(servers:\n  - url: .*\n    description: ).*$")
_DOCS_POLICY = {
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # Swagger UI styles its elements one by one
    "img-src": "'self' data:",
    "connect-src": "'self'",
}
_SHOWN_MEDIA = 10


async def index(request: Request) -> Response:
    """The start page: a first request, the demo app, the seed data, and the tokens."""
    platform: Platform = request.app.state.platform
    address = wire.own_address(request)
    limit = platform.settings.rate_limit
    rate = (
        "requests are counted, none is rejected" if limit is None else f"{limit} requests per hour and token"
    )
    facts = [
        ("State as of", escape(platform.settings.era)),
        ("API", f"<code>{escape(address)}/v1</code>"),
        ("Rate limit", escape(rate)),
    ]
    body = f"""<h1>Instagram REST API v1</h1>
<p>A reference server that behaves as the API did. All of its data are made up.</p>
{layout.definitions(facts)}
{_first_request(platform, address)}
{_demo_app(platform, address)}
{_seed_data(platform.store)}
{_tokens(platform.store, address)}
{_notifications(address)}"""
    return layout.site("Instagram REST API v1", body)


def _first_request(platform: Platform, address: str) -> str:
    query = urlencode({"count": 3, "access_token": seed_data.tokens()["all"]})
    path = f"/v1/users/self/media/recent?{query}"
    retired = ""
    if platform.settings.era is Era.JUNE_2020:
        retired = "<p>As of this month all endpoints are retired, and their responses say so.</p>"
    return f"""<section class="first">
<h2>Your first request</h2>
<pre>{escape(_curl(address + path))}</pre>
{retired}
<p><a class="button" href="{escape(path)}">See the response</a>
<a class="button" href="/docs">Try all 27 operations</a></p>
</section>"""


def _demo_app(platform: Platform, address: str) -> str:
    app = seed_data.DEMO_CLIENT
    uris = platform.redirect_uris(app.id)
    facts = [
        ("client_id", f"<code>{escape(app.id)}</code>"),
        ("client_secret", f"<code>{escape(app.secret)}</code>"),
        *(("redirect_uri", f"<code>{escape(uri)}</code>") for uri in uris),
    ]
    query = {"client_id": app.id, "redirect_uri": uris[0], "response_type": "code"}
    consent = f"/oauth/authorize/?{urlencode({**query, 'scope': 'basic likes comments'})}"
    exchange = _curl(
        *(argument for field in _exchange_fields(uris[0]) for argument in ("-d", field)),
        f"{address}/oauth/access_token",
    )
    note = ""
    if f"{address}/demo/callback" not in uris:
        note = (
            '<p class="soft">The demo app is registered to be called back at '
            f"<code>{escape(uris[0])}</code>, which is not where you see this page.</p>"
        )
    return f"""<section>
<h2>App credentials</h2>
{layout.definitions(facts)}
{note}
<p><a class="button" href="{escape(consent)}">Authorize the demo app</a></p>
<details>
<summary>Exchange a code for a token</summary>
<p>Authorization ends at the redirect URI with a <code>code</code>, which works once:</p>
<pre>{escape(exchange)}</pre>
<p>Register the redirect URI of your own app with <code>instagram-server --redirect-uri URI</code>.</p>
</details>
</section>"""


def _exchange_fields(redirect_uri: str) -> Iterable[str]:
    app = seed_data.DEMO_CLIENT
    return (
        f"client_id={app.id}",
        f"client_secret={app.secret}",
        "grant_type=authorization_code",
        f"redirect_uri={redirect_uri}",
        "code=CODE",
    )


def _seed_data(store: Store) -> str:
    counts = {
        "media": store.value("SELECT count(*) FROM media"),
        "users": store.value("SELECT count(*) FROM user"),
        "tags": store.value("SELECT count(DISTINCT tag) FROM tagging"),
        "locations": store.value("SELECT count(*) FROM location"),
    }
    links = "\n".join(
        f'<a class="button" href="/browse/{kind}">{count} {kind}</a>' for kind, count in counts.items()
    )
    public = "NOT u.is_private AND NOT u.is_age_gated AND caption IS NOT NULL"
    return f"""<section>
<h2>Browse the seed data</h2>
<p>{links}</p>
{browse.grid(browse.newest_media(store, public, [], _SHOWN_MEDIA))}
</section>"""


def _tokens(store: Store, address: str) -> str:
    """All demo tokens, grouped by what they may do."""
    tokens = seed_data.tokens()
    without = [name for name in tokens if name.startswith("without-")]
    groups = [
        ("Every scope", ["all", "other"]),
        ("Only basic: what belongs to the owner", ["basic"]),
        ("Every scope but one", without),
        ("Nothing: revoked by its owner", ["revoked"]),
    ]
    grouped = "\n".join(
        _token_group(store, address, title, [(name, tokens[name]) for name in names])
        for title, names in groups
    )
    other_apps = [
        ("created after 2015-11-17", seed_data.NEW_APP_TOKEN),
        ("sandbox mode", seed_data.SANDBOX_TOKEN),
        ("requests must be signed", seed_data.SIGNED_TOKEN),
        ("not approved", seed_data.UNAPPROVED_TOKEN),
    ]
    return f"""<section>
<h2>Tokens</h2>
<p class="soft">By what they may do. <code>instagram-server tokens</code> prints those of the demo app
as JSON. A click selects a whole command.</p>
{grouped}
{_token_group(store, address, "Of apps in other modes", other_apps)}
</section>"""


def _token_group(store: Store, address: str, title: str, tokens: list[tuple[str, str]]) -> str:
    rows = "\n".join(_token(store, address, name, token) for name, token in tokens)
    return f"""<details>
<summary>{escape(title)} <span class="soft">({len(tokens)})</span></summary>
<ul class="tokens">
{rows}
</ul>
</details>"""


def _token(store: Store, address: str, name: str, token: str) -> str:
    sql = "SELECT t.*, u.username FROM token AS t JOIN user AS u ON u.id = t.user WHERE token = ?"
    curl = _curl(f"{address}/v1/users/self?{urlencode({'access_token': token})}")
    return (
        f'<li><b>{escape(name)}</b> <span class="soft">{escape(_grants(store.row(sql, token)))}</span>'
        f"<pre>{escape(curl)}</pre></li>"
    )


def _grants(token: sqlite3.Row | None) -> str:
    if token is None:
        return "no longer in the database"
    return f"{token['username']}: {token['scopes']}{' (revoked)' if token['revoked'] else ''}"


def _notifications(address: str) -> str:
    upload = _curl(
        *("-d", f"access_token={seed_data.tokens()['all']}"),
        *("-d", "caption=First #snow", f"{address}/demo/media"),
    )
    return f"""<section>
<h2>Notifications</h2>
<details>
<summary>Post a photo, so that subscribers are notified</summary>
<p>The API had no uploads. This helper stands in for the phone:</p>
<pre>{escape(upload)}</pre>
</details>
</section>"""


def _curl(*arguments: str) -> str:
    return shlex.join(["curl", *arguments])


async def docs(request: Request) -> Response:
    """The contract in Swagger UI, with the demo credentials filled in."""
    client = seed_data.DEMO_CLIENT
    head = (
        '<link rel="stylesheet" href="/static/swagger-ui.css">\n'
        '<link rel="stylesheet" href="/static/docs.css">\n'
        '<script src="/static/swagger-ui-bundle.js" defer></script>\n'
        '<script src="/static/docs.js" defer></script>'
    )
    body = (
        f"{layout.NAVIGATION}\n"
        f'<div id="contract" data-token="{escape(seed_data.tokens()["all"])}" '
        f'data-client-id="{escape(client.id)}" data-client-secret="{escape(client.secret)}"></div>\n'
        "<noscript>Reading the contract here needs JavaScript; "
        '<a href="/openapi.yaml">openapi.yaml</a> does not.</noscript>'
    )
    return layout.page("Instagram REST API v1: contract", body, _DOCS_POLICY, head)


async def contract(request: Request) -> Response:
    """The OpenAPI document, with this server in place of the original."""
    address = wire.own_address(request)
    text = _ADDRESS.sub(lambda match: match[1] + json.dumps(address + (match[2] or "")), _spec())
    text = _DESCRIPTION.sub(r"\1This server.", text)
    return Response(text, media_type="application/yaml; charset=utf-8", headers={"Cache-Control": "no-store"})


@cache
def _spec() -> str:
    """The document in the package, or in the checkout that the package runs from."""
    return next(path for path in _SPECS if path.is_file()).read_text(encoding="utf-8")


routes: list[BaseRoute] = [
    Route("/", index, methods=["GET"]),
    *browse.routes,
    Route("/docs", docs, methods=["GET"]),
    Route("/openapi.yaml", contract, methods=["GET"]),
    Mount("/static", StaticFiles(directory=layout.STATIC)),
]
