"""The pages of the OAuth flow: the consent page, and the callback of the demo app."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from instagram_server import seed_data, wire
from instagram_server.layout import definitions, hidden
from instagram_server.layout import page as frame
from instagram_server.store import Store

SCOPES = {
    "basic": "Read your profile and your posts",
    "public_content": "Read any public profile and its posts",
    "follower_list": "Read whom you follow and who follows you",
    "comments": "Post and delete comments as you",
    "relationships": "Follow and unfollow users as you",
    "likes": "Like and unlike posts as you",
}
"""All scopes in their order (docs/sources.md, section 8), described for users."""

_CHOICES = 12  # users to choose from


def users(store: Store) -> list[tuple[int, str]]:
    """The ids and names of some users, ada first."""
    some = "SELECT id, username, full_name FROM user ORDER BY username <> 'ada', id LIMIT ?"
    return [
        (row["id"], f"{row['username']} ({row['full_name']})" if row["full_name"] else row["username"])
        for row in store.rows(some, _CHOICES)
    ]


def page(
    name: str,
    redirect_uri: str,
    scopes: Iterable[str],
    fields: Mapping[str, str],
    choices: Iterable[tuple[int, str]],
) -> HTMLResponse:
    """The consent page; ``fields`` are sent back with the choice."""
    grants = "\n".join(f"<li>{escape(SCOPES[scope])} <code>{escape(scope)}</code></li>" for scope in scopes)
    options = "\n".join(f'<option value="{number}">{escape(user)}</option>' for number, user in choices)
    body = f"""<main class="card">
<h1>{escape(name)} asks for access</h1>
<p>If you authorize it, this app can:</p>
<ul class="grants">
{grants}
</ul>
<form method="post" action="/oauth/authorize/" autocomplete="off">
{hidden(fields)}
<label for="user">Continue as</label>
<select id="user" name="user">
{options}
</select>
<p class="soft">A test server has no passwords: be anyone you like.</p>
<div class="buttons">
<button name="answer" value="cancel">Cancel</button>
<button class="main" name="answer" value="authorize">Authorize</button>
</div>
</form>
<p class="soft">Either way you go back to <code>{escape(redirect_uri)}</code></p>
</main>"""
    # Browsers apply this directive to the redirect after a form, too.
    return frame(f"Authorize {name}", body, {"form-action": f"'self' {urlsplit(redirect_uri).scheme}:"})


async def callback(request: Request) -> Response:
    """The redirect URI of the demo app: shows the parameters, and offers to exchange a code."""
    received = dict(request.query_params)
    if received:
        rows = ((name, f"<code>{escape(value)}</code>") for name, value in received.items())
        body = f"<p>The server sent these parameters:</p>\n{definitions(rows)}"
    else:
        body = (
            "<p>No parameters were received. In the implicit flow the token is in the fragment, behind the "
            "<code>#</code> in the address bar: it stays in the browser, and no server ever sees it.</p>"
        )
    if "code" in received:
        client, platform = seed_data.DEMO_CLIENT, request.app.state.platform
        own, uris = f"{wire.own_address(request)}/demo/callback", platform.redirect_uris(client.id)
        fields = {
            "client_id": client.id,
            "client_secret": client.secret,
            "grant_type": "authorization_code",
            "redirect_uri": own if own in uris else uris[0],
            "code": received["code"],
        }
        body += f"""
<p>A code works once. A real app exchanges it on its own server; here a button does:</p>
<form method="post" action="/oauth/access_token">
{hidden(fields)}
<div class="buttons"><button class="main">Exchange the code for a token</button></div>
</form>"""
    heading = "Access was denied" if "error" in received else "Back at the demo app"
    return frame(
        heading,
        f'<main class="card wide">\n<h1>{heading}</h1>\n{body}\n<p><a href="/">Start page</a></p>\n</main>',
    )
