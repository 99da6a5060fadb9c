"""Requests that are let in, or kept out, by mistake."""

from collections.abc import Callable
from functools import partial

from instagram_server import seed_data as world
from mutants import ALL, mutant_of
from mutants.faulty import Answer, Ask, Handler, Request, answered, asked
from mutants.protocol import answered_by

_access = partial(mutant_of, "access")


def _as_ada(when: Callable[[Request], bool]) -> Handler:
    """Some requests are granted as if they had the best token."""
    return asked(lambda one: one.having(access_token=ALL) if when(one) else one)


def _knows(request: Request) -> bool:
    return request.token in world.tokens().values()


def _done_anyway(when: Callable[[Request], bool]) -> Handler:
    """Refused, as it must be, and done."""

    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if when(request) and not answer.granted:
            await ask(request.having(access_token=ALL))
        return answer

    return handle


def _lacks(scope: str) -> Callable[[Request], bool]:
    return lambda request: request.token == world.tokens()[f"without-{scope}"]


def _named(when: Callable[[Request], bool], name: str) -> Handler:
    """Some refusals have another name."""

    def renamed(asked: Request, answer: Answer) -> Answer:
        if answer.granted or not when(asked):
            return answer
        found = answer.json
        found.get("meta", found)["error_type"] = name
        return answer.saying(found)

    return answered(renamed)


ACCESS = {
    "no-token-named-otherwise": _access(
        "getTag", _named(lambda one: not one.token, "APINotFoundError"), "without a token nothing is found"
    ),
    "any-token-named-otherwise": _access(
        "unlikeMedia",
        _named(lambda one: bool(one.token) and not _knows(one), "OAuthPermissionsException"),
        "an unknown token is said to lack a scope",
    ),
    "scope-named-otherwise": _access(
        "updateRelationship",
        _named(_lacks("relationships"), "OAuthAccessTokenException"),
        "a token that lacks the scope is said to be unknown",
    ),
    "no-token-to-read": _access("getUser", _as_ada(lambda one: not one.token), "reading wants no token"),
    "no-token-to-search": _access(
        "searchUsers", _as_ada(lambda one: not one.token), "searching wants no token"
    ),
    "no-token-to-write": _access("likeMedia", _as_ada(lambda one: not one.token), "writing wants no token"),
    "no-token-to-delete": _access(
        "unlikeMedia", _as_ada(lambda one: not one.token), "deleting wants no token"
    ),
    "any-token-to-read": _access("listLikes", _as_ada(lambda one: bool(one.token)), "any token will do"),
    "any-token-to-write": _access(
        "updateRelationship",
        _as_ada(lambda one: bool(one.token) and not _knows(one)),
        "unknown tokens may write",
    ),
    "owner-is-enough": _access(
        "getMedia",
        _as_ada(lambda one: one.token.count(".") == 2 and not _knows(one)),
        "a token needs its form only",
    ),
    **{
        f"without-{scope}": _access(where, _as_ada(_lacks(scope)), f"the scope {scope} is not wanted")
        for scope, where in {
            "basic": "getFeed",
            "public_content": "getTag",
            "follower_list": "listFollows",
            "comments": "createComment",
            "relationships": "updateRelationship",
            "likes": "likeMedia",
        }.items()
    },
    "delete-without-scope": _access("deleteComment", _as_ada(_lacks("comments")), "deleting wants no scope"),
    "unlike-without-scope": _access("unlikeMedia", _as_ada(_lacks("likes")), "unliking wants no scope"),
    "refused-but-done": _access("likeMedia", _done_anyway(_lacks("likes")), "without the scope it is done"),
    "commented-anyway": _access(
        "createComment", _done_anyway(lambda one: not one.token), "without a token, too"
    ),
    "deleted-anyway": _access(
        "deleteComment", _done_anyway(lambda one: not one.token), "deleted without a token"
    ),
    "related-anyway": _access(
        "updateRelationship",
        _done_anyway(_lacks("relationships")),
        "a relationship is changed without the scope",
    ),
    "forbidden-is-404": _access(
        "listFollows",
        answered_by(lambda asked, _: _lacks("follower_list")(asked), 404),
        "a missing scope is 404",
    ),
    "empty-for-nobody": _access(
        "listLikedMedia",
        answered_by(lambda asked, _: not asked.token, 200),
        "without a token an error has the status 200",
    ),
}
