"""Credentials that are nearly right, or not enough, and scopes that are wanted where they need not be."""

from collections.abc import Callable

from instagram_server import seed_data as world
from mutants import ADA, ALL, Mutant
from mutants.faulty import Answer, Ask, Handler, Request, asked, at, when

_TOKENS = sorted(world.tokens().values())
_NOT_BASIC, _NOT_PUBLIC = world.tokens()["without-basic"], world.tokens()["without-public_content"]
_APP = world.DEMO_CLIENT


def _access(operations: str, handler: Handler, text: str) -> Mutant:
    return Mutant("access", text, tuple(operations.split()), lambda: at(operations, handler))


def _alike(same: Callable[[str, str], bool]) -> Handler:
    """A token is taken for a known one where a function says that they are the same."""

    def changed(request: Request) -> Request:
        known = next((one for one in _TOKENS if request.token and same(request.token, one)), request.token)
        return request.having(access_token=known) if known else request

    return asked(changed)


def _as_ada(chosen: Callable[[Request], bool]) -> Handler:
    return when(chosen, asked(lambda one: one.having(access_token=ALL)))


def _with_right(name: str, right: str) -> Handler:
    """A credential counts as right, whatever it is."""
    return when(lambda one: one.values.get(name), asked(lambda one: one.having(**{name: right})))


async def _any_scope(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    return await ask(request.having(access_token=ALL)) if b"OAuthPermissions" in answer.body else answer


def _wanting(token: str, chosen: Callable[[Request], bool] = lambda _: True) -> Handler:
    """Requests by a token that lacks a scope are refused, as what needs it is."""
    path = "/users/self/feed" if token == _NOT_BASIC else "/tags/snow"
    refused = asked(lambda one: Request("GET", path, {"access_token": token}, {}))
    return when(lambda one: one.token == token and chosen(one), refused)


TOKENS = {
    "likes-of-others": _access("listLikes", _any_scope, "likes of others' media want no public_content"),
    "comments-of-others": _access("listComments", _any_scope, "others' comments want no public_content"),
    "others-by-basic": _access(
        "getUser listUserRecentMedia", _any_scope, "other users may be read without public_content"
    ),
    "others-by-code": _access(
        "getMediaByShortcode", _any_scope, "others' media may be read by code without public_content"
    ),
    "own-wants-more": _access(
        "getMedia listComments",
        _wanting(_NOT_PUBLIC, lambda one: one.parts[1].endswith(f"_{ADA}")),
        "one's own media want public_content, too",
    ),
    "own-number-wants-more": _access(
        "listUserRecentMedia",
        _wanting(_NOT_PUBLIC, lambda one: one.parts[1] == ADA),
        "one's own media want public_content, unless one is called self",
    ),
    "others-want-basic": _access(
        "getMedia",
        _wanting(_NOT_BASIC, lambda one: not one.parts[1].endswith(f"_{ADA}")),
        "others' media want basic, too",
    ),
    "feed-wants-more": _access("getFeed", _wanting(_NOT_PUBLIC), "the feed wants public_content, too"),
    "like-wants-basic": _access("likeMedia", _wanting(_NOT_BASIC), "to like wants basic, too"),
    "unlike-wants-more": Mutant(
        "access",
        "to unlike wants public_content, too",
        ("likeMedia", "unlikeMedia"),
        lambda: at("unlikeMedia", _wanting(_NOT_PUBLIC)),
    ),
    "any-case": _access("getMedia getTag", _alike(lambda one, known: one.lower() == known), "in any case"),
    "longer-token": _access("getUser", _alike(str.startswith), "what follows a token is overlooked"),
    "shorter-token": _access(
        "searchTags", _alike(lambda one, known: known.startswith(one)), "the beginning of a token is enough"
    ),
    "forty-characters": _access(
        "deleteComment", _alike(lambda one, known: one[:40] == known[:40]), "only 40 characters are compared"
    ),
    "unchecked-signature": _access(
        "likeMedia",
        _alike(lambda one, known: one.split(".")[:2] == known.split(".")[:2]),
        "of a token the owner and the app are looked at",
    ),
    "empty-token": _access(
        "listPopularMedia", _as_ada(lambda one: one.values.get("access_token") == ""), "no token is ada's"
    ),
    "client-is-enough": _access(
        "getLocation",
        _as_ada(lambda one: not one.token and one.values.get("client_id") == _APP.id),
        "a client_id is enough to read",
    ),
    "secret-is-enough": _access(
        "searchUsers",
        _as_ada(lambda one: not one.token and one.values.get("client_secret") == _APP.secret),
        "a client_secret is enough to read",
    ),
    "any-secret": _access(
        "listSubscriptions", _with_right("client_secret", _APP.secret), "any client_secret will do"
    ),
    "anybody-unsubscribes": _access(
        "deleteSubscriptions",
        asked(lambda one: one.having(client_id=_APP.id, client_secret=_APP.secret)),
        "anybody removes subscriptions",
    ),
    "any-client": _access(
        "deleteSubscriptions", _with_right("client_id", _APP.id), "any client_id will do beside the secret"
    ),
    "any-secret-for-a-token": _access(
        "exchangeCode", _with_right("client_secret", _APP.secret), "codes are exchanged for any client_secret"
    ),
    "revoked": _access(
        "getUser", _as_ada(lambda one: one.token == world.tokens()["revoked"]), "revoked tokens still count"
    ),
}
