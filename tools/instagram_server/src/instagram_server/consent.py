"""The pages of the OAuth flow: what an app asks of a user, and what the demo app gets back."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from instagram_server import seed_data
from instagram_server.layout import hidden
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
"""All scopes in their order (facts: section 8), in words for a user."""

_OFFERED = 12  # users to choose from


def users(store: Store) -> list[tuple[int, str]]:
    """Ids and names of some users to be, ada first."""
    some = "SELECT id, username, full_name FROM user ORDER BY username <> 'ada', id LIMIT ?"
    return [
        (row["id"], f"{row['username']} ({row['full_name']})" if row["full_name"] else row["username"])
        for row in store.rows(some, _OFFERED)
    ]


def page(
    name: str,
    redirect_uri: str,
    scopes: Iterable[str],
    fields: Mapping[str, str],
    offered: Iterable[tuple[int, str]],
) -> HTMLResponse:
    """What a user is asked; ``fields`` come back with the answer."""
    grants = "\n".join(f"<li>{escape(SCOPES[one])} <code>{escape(one)}</code></li>" for one in scopes)
    options = "\n".join(f'<option value="{number}">{escape(user)}</option>' for number, user in offered)
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
<p class="soft">A test server has no passwords: be whom you like.</p>
<div class="buttons">
<button name="answer" value="cancel">Cancel</button>
<button class="main" name="answer" value="authorize">Authorize</button>
</div>
</form>
<p class="soft">Either way you go back to <code>{escape(redirect_uri)}</code></p>
</main>"""
    # Browsers hold the redirect after a form to this directive too.
    return frame(f"Authorize {name}", body, {"form-action": f"'self' {urlsplit(redirect_uri).scheme}:"})


async def callback(request: Request) -> Response:
    """Where the demo app is sent back to: shows what came, and exchanges a code if asked."""
    came = dict(request.query_params)
    if came:
        rows = "\n".join(
            f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in came.items()
        )
        body = f"<p>The server sent these parameters:</p>\n<dl>\n{rows}\n</dl>"
    else:
        body = (
            "<p>No parameters came. In the implicit flow the token is in the fragment, behind the "
            "<code>#</code> in the address bar: it stays in the browser, and no server ever sees it.</p>"
        )
    if "code" in came:
        client, platform = seed_data.DEMO_CLIENT, request.app.state.platform
        fields = {
            "client_id": client.id,
            "client_secret": client.secret,
            "grant_type": "authorization_code",
            "redirect_uri": platform.store.value("SELECT redirect_uri FROM client WHERE id = ?", client.id),
            "code": came["code"],
        }
        body += f"""
<p>A code works once. A real app exchanges it on its own server; here a button does:</p>
<form method="post" action="/oauth/access_token">
{hidden(fields)}
<div class="buttons"><button class="main">Exchange the code for a token</button></div>
</form>"""
    heading = "Access was refused" if "error" in came else "Back at the demo app"
    return frame(
        heading,
        f'<main class="card wide">\n<h1>{heading}</h1>\n{body}\n<p><a href="/">Start page</a></p>\n</main>',
    )
