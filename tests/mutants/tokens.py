"""Credentials that are nearly right or insufficient, and scopes that are required without need."""

from collections.abc import Callable

from instagram_server import seed_data
from mutants import ADA, ALL, Mutant
from mutants.app import Forward, Handler, Request, Response
from mutants.operators import at, change_request, when

_TOKENS = sorted(seed_data.tokens().values())
_NOT_BASIC, _NOT_PUBLIC = seed_data.tokens()["without-basic"], seed_data.tokens()["without-public_content"]
_APP = seed_data.DEMO_CLIENT


def _access(operations: str, handler: Handler, description: str) -> Mutant:
    return Mutant("access", description, tuple(operations.split()), lambda: at(operations, handler))


def _alike(same: Callable[[str, str], bool]) -> Handler:
    """A token is accepted as a valid one where ``same`` says so."""

    def changed(request: Request) -> Request:
        token = next(
            (token for token in _TOKENS if request.token and same(request.token, token)), request.token
        )
        return request.with_values(access_token=token) if token else request

    return change_request(changed)


def _as_ada(chosen: Callable[[Request], bool]) -> Handler:
    return when(chosen, change_request(lambda request: request.with_values(access_token=ALL)))


def _with_right(name: str, right: str) -> Handler:
    """Any value of a credential is accepted."""
    return when(
        lambda request: request.values.get(name),
        change_request(lambda request: request.with_values(**{name: right})),
    )


async def _any_scope(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    return (
        await forward(request.with_values(access_token=ALL))
        if b"OAuthPermissions" in response.body
        else response
    )


def _requiring(token: str, chosen: Callable[[Request], bool] = lambda _: True) -> Handler:
    """Requests with a token that lacks a scope are rejected."""
    path = "/users/self/feed" if token == _NOT_BASIC else "/tags/snow"
    rejected = change_request(lambda _: Request("GET", path, {"access_token": token}, {}))
    return when(lambda request: request.token == token and chosen(request), rejected)


TOKENS = {
    "likes-of-others": _access("listLikes", _any_scope, "likes of others' media require no public_content"),
    "comments-of-others": _access(
        "listComments", _any_scope, "comments on others' media require no public_content"
    ),
    "others-by-basic": _access(
        "getUser listUserRecentMedia", _any_scope, "other users require no public_content"
    ),
    "others-by-code": _access(
        "getMediaByShortcode", _any_scope, "others' media by shortcode require no public_content"
    ),
    "own-wants-more": _access(
        "getMedia listComments",
        _requiring(_NOT_PUBLIC, lambda request: request.parts[1].endswith(f"_{ADA}")),
        "the user's own media require public_content, too",
    ),
    "own-number-wants-more": _access(
        "listUserRecentMedia",
        _requiring(_NOT_PUBLIC, lambda request: request.parts[1] == ADA),
        "the user's own media by id require public_content, too",
    ),
    "others-want-basic": _access(
        "getMedia",
        _requiring(_NOT_BASIC, lambda request: not request.parts[1].endswith(f"_{ADA}")),
        "others' media require basic, too",
    ),
    "feed-wants-more": _access("getFeed", _requiring(_NOT_PUBLIC), "the feed requires public_content, too"),
    "like-wants-basic": _access("likeMedia", _requiring(_NOT_BASIC), "liking requires basic, too"),
    "unlike-wants-more": Mutant(
        "access",
        "unliking requires public_content, too",
        ("likeMedia", "unlikeMedia"),
        lambda: at("unlikeMedia", _requiring(_NOT_PUBLIC)),
    ),
    "any-case": _access(
        "getMedia getTag",
        _alike(lambda sent, token: sent.lower() == token),
        "tokens are compared case-insensitively",
    ),
    "longer-token": _access("getUser", _alike(str.startswith), "a token with more characters is accepted"),
    "shorter-token": _access(
        "searchTags", _alike(lambda sent, token: token.startswith(sent)), "a prefix of a token is accepted"
    ),
    "forty-characters": _access(
        "deleteComment",
        _alike(lambda sent, token: sent[:40] == token[:40]),
        "only 40 characters of a token are compared",
    ),
    "unchecked-signature": _access(
        "likeMedia",
        _alike(lambda sent, token: sent.split(".")[:2] == token.split(".")[:2]),
        "only the owner and the app of a token are compared",
    ),
    "empty-token": _access(
        "listPopularMedia",
        _as_ada(lambda request: request.values.get("access_token") == ""),
        "an empty token is accepted",
    ),
    "client-is-enough": _access(
        "getLocation",
        _as_ada(lambda request: not request.token and request.values.get("client_id") == _APP.id),
        "a client_id without a token may read",
    ),
    "secret-is-enough": _access(
        "searchUsers",
        _as_ada(lambda request: not request.token and request.values.get("client_secret") == _APP.secret),
        "a client_secret without a token may read",
    ),
    "any-secret": _access(
        "listSubscriptions", _with_right("client_secret", _APP.secret), "any client_secret is accepted"
    ),
    "anybody-unsubscribes": _access(
        "deleteSubscriptions",
        change_request(lambda request: request.with_values(client_id=_APP.id, client_secret=_APP.secret)),
        "deleting subscriptions requires no credentials",
    ),
    "any-client": _access(
        "deleteSubscriptions", _with_right("client_id", _APP.id), "any client_id is accepted with the secret"
    ),
    "any-secret-for-a-token": _access(
        "exchangeCode",
        _with_right("client_secret", _APP.secret),
        "codes are exchanged with any client_secret",
    ),
    "revoked": _access(
        "getUser",
        _as_ada(lambda request: request.token == seed_data.tokens()["revoked"]),
        "revoked tokens are accepted",
    ),
}
