"""Access that is granted or denied wrongly."""

from collections.abc import Callable
from functools import partial

from instagram_server import seed_data
from mutants import ALL, mutant_of
from mutants.app import Forward, Handler, Request, Response
from mutants.operators import change_request, change_response
from mutants.protocol import with_status

_access = partial(mutant_of, "access")


def _as_ada(when: Callable[[Request], bool]) -> Handler:
    """Some requests are sent with a token of all scopes."""
    return change_request(lambda request: request.with_values(access_token=ALL) if when(request) else request)


def _is_known(request: Request) -> bool:
    return request.token in seed_data.tokens().values()


def _done_anyway(when: Callable[[Request], bool]) -> Handler:
    """Some rejected requests are done all the same."""

    async def handle(request: Request, forward: Forward) -> Response:
        response = await forward(request)
        if when(request) and not response.accepted:
            await forward(request.with_values(access_token=ALL))
        return response

    return handle


def _lacks(scope: str) -> Callable[[Request], bool]:
    return lambda request: request.token == seed_data.tokens()[f"without-{scope}"]


def _with_error_type(when: Callable[[Request], bool], name: str) -> Handler:
    """Some errors have another type."""

    def renamed(request: Request, response: Response) -> Response:
        if response.accepted or not when(request):
            return response
        body = response.json
        body.get("meta", body)["error_type"] = name
        return response.with_json(body)

    return change_response(renamed)


ACCESS = {
    "no-token-named-otherwise": _access(
        "getTag",
        _with_error_type(lambda request: not request.token, "APINotFoundError"),
        "a missing token is reported as not found",
    ),
    "any-token-named-otherwise": _access(
        "unlikeMedia",
        _with_error_type(
            lambda request: bool(request.token) and not _is_known(request), "OAuthPermissionsException"
        ),
        "an unknown token is reported as a missing scope",
    ),
    "scope-named-otherwise": _access(
        "updateRelationship",
        _with_error_type(_lacks("relationships"), "OAuthAccessTokenException"),
        "a missing scope is reported as an unknown token",
    ),
    "no-token-to-read": _access(
        "getUser", _as_ada(lambda request: not request.token), "reading requires no token"
    ),
    "no-token-to-search": _access(
        "searchUsers", _as_ada(lambda request: not request.token), "searching requires no token"
    ),
    "no-token-to-write": _access(
        "likeMedia", _as_ada(lambda request: not request.token), "writing requires no token"
    ),
    "no-token-to-delete": _access(
        "unlikeMedia", _as_ada(lambda request: not request.token), "deleting requires no token"
    ),
    "any-token-to-read": _access(
        "listLikes", _as_ada(lambda request: bool(request.token)), "any token is accepted"
    ),
    "any-token-to-write": _access(
        "updateRelationship",
        _as_ada(lambda request: bool(request.token) and not _is_known(request)),
        "unknown tokens may write",
    ),
    "owner-is-enough": _access(
        "getMedia",
        _as_ada(lambda request: request.token.count(".") == 2 and not _is_known(request)),
        "any well-formed token is accepted",
    ),
    **{
        f"without-{scope}": _access(where, _as_ada(_lacks(scope)), f"the scope {scope} is not required")
        for scope, where in {
            "basic": "getFeed",
            "public_content": "getTag",
            "follower_list": "listFollows",
            "comments": "createComment",
            "relationships": "updateRelationship",
            "likes": "likeMedia",
        }.items()
    },
    "delete-without-scope": _access(
        "deleteComment", _as_ada(_lacks("comments")), "deleting requires no scope"
    ),
    "unlike-without-scope": _access("unlikeMedia", _as_ada(_lacks("likes")), "unliking requires no scope"),
    "refused-but-done": _access(
        "likeMedia", _done_anyway(_lacks("likes")), "a like without the scope is rejected, but stored"
    ),
    "commented-anyway": _access(
        "createComment",
        _done_anyway(lambda request: not request.token),
        "a comment without a token is rejected, but stored",
    ),
    "deleted-anyway": _access(
        "deleteComment",
        _done_anyway(lambda request: not request.token),
        "a deletion without a token is rejected, but done",
    ),
    "related-anyway": _access(
        "updateRelationship",
        _done_anyway(_lacks("relationships")),
        "a change without the scope is rejected, but done",
    ),
    "forbidden-is-404": _access(
        "listFollows",
        with_status(lambda request, _: _lacks("follower_list")(request), 404),
        "a missing scope gives 404",
    ),
    "empty-for-nobody": _access(
        "listLikedMedia",
        with_status(lambda request, _: not request.token, 200),
        "a missing token gives an error with the status 200",
    ),
}
