"""Fields that are read only from some places, and unexpected methods."""

from collections.abc import Callable
from dataclasses import replace

from mutants import DONE, Mutant
from mutants.app import Forward, Handler, Request, Response
from mutants.operators import at, change_request, fail, when
from mutants.rules import Comments

_ACTIONS = {"follow", "unfollow", "block", "unblock", "approve", "ignore"}


def _mutant(kind: str, operations: str, handler: Handler, description: str) -> Mutant:
    return Mutant(kind, description, tuple(operations.split()), lambda: handler)


def _not_in_query(*names: str) -> Handler:
    def changed(request: Request) -> Request:
        return replace(request, query={key: item for key, item in request.query.items() if key not in names})

    return change_request(changed)


def _part(change: Callable[[str], str]) -> Handler:
    """The fields of multipart forms are changed."""
    return when(
        lambda request: request.in_parts,
        change_request(
            lambda request: replace(request, form={name: change(text) for name, text in request.form.items()})
        ),
    )


class _Unchecked(Comments):
    """Chosen requests are not checked against the rules of comments."""

    def __init__(self, chosen: Callable[[Request], object]) -> None:
        super().__init__({})
        self._chosen = chosen

    async def __call__(self, request: Request, forward: Forward) -> Response:
        text = request.values.get("text")
        if text and request.operation == "createComment" and self._chosen(request):
            return await forward(request.with_values(text=self.placeholder(text)))
        return await super().__call__(request, forward)


def _of(request: Request, method: str) -> str | None:
    """The operation of the same path by another method."""
    return replace(request, method=method).operation


def _taken_for(method: str, other: str, operations: str) -> Handler:
    """A method does what another one should."""
    return when(
        lambda request: request.method == method and _of(request, other) in operations.split(),
        change_request(lambda request: replace(request, method=other)),
    )


async def _done(request: Request, forward: Forward) -> Response:
    response = await forward(request)
    return replace(response.with_json(DONE), status=200) if request.method == "PATCH" else response


async def _silently_liked(request: Request, forward: Forward) -> Response:
    """PUT likes, and is rejected."""
    if request.method == "PUT" and _of(request, "POST") == "likeMedia":
        await forward(replace(request, method="POST"))
    return await forward(request)


FORMS = {
    "text-not-in-query": _mutant(
        "protocol",
        "createComment",
        at("createComment", _not_in_query("text")),
        "text in the query is ignored",
    ),
    "action-not-in-query": _mutant(
        "protocol",
        "updateRelationship",
        at("updateRelationship", _not_in_query("action")),
        "action in the query is ignored",
    ),
    "any-action-in-query": _mutant(
        "rules",
        "updateRelationship",
        when(
            lambda request: request.query.get("action", "follow") not in _ACTIONS,
            change_request(lambda request: request.with_values(action="follow")),
        ),
        "an unknown action in the query follows",
    ),
    "object-not-in-query": _mutant(
        "protocol",
        "createSubscription",
        at("createSubscription", _not_in_query("object", "aspect")),
        "object and aspect in the query are ignored",
    ),
    "parts-unread": _mutant(
        "protocol",
        "createComment updateRelationship",
        when(lambda request: request.in_parts, change_request(lambda request: replace(request, form={}))),
        "multipart forms are ignored",
    ),
    "parts-in-latin-1": _mutant(
        "protocol",
        "createComment",
        _part(lambda value: value.encode().decode("latin-1")),
        "multipart fields are decoded as Latin-1",
    ),
    "parts-trimmed": _mutant("protocol", "createComment", _part(str.strip), "multipart fields are trimmed"),
    "query-without-rules": Mutant(
        "rules",
        "text in the query is not checked",
        ("createComment",),
        lambda: _Unchecked(lambda request: "text" in request.query),
    ),
    "parts-without-rules": Mutant(
        "rules",
        "text in multipart fields is not checked",
        ("createComment",),
        lambda: _Unchecked(lambda request: request.in_parts),
    ),
    "put-for-post": _mutant(
        "protocol",
        "createComment likeMedia",
        _taken_for("PUT", "POST", "createComment likeMedia"),
        "PUT does what POST does",
    ),
    "patch-for-post": _mutant(
        "protocol",
        "updateRelationship",
        _taken_for("PATCH", "POST", "updateRelationship"),
        "PATCH does what POST does",
    ),
    "put-in-silence": _mutant("state", "likeMedia", _silently_liked, "PUT is rejected, but likes"),
    "patch-confirmed": _mutant("protocol", "getMedia getUser", _done, "PATCH returns 200 and does nothing"),
    "unknown-methods-crash": _mutant(
        "protocol",
        "getUser likeMedia",
        fail(lambda request: request.method in ("PUT", "PATCH", "TRACE")),
        "undocumented methods crash",
    ),
    "options-crash": _mutant(
        "protocol", "getTag", fail(lambda request: request.method == "OPTIONS"), "OPTIONS crashes"
    ),
    "head-crashes": _mutant(
        "protocol", "getUser", fail(lambda request: request.method == "HEAD"), "HEAD crashes"
    ),
    "head-not-found": _mutant(
        "protocol",
        "listFollows getMedia",
        fail(
            lambda request: request.method == "HEAD" and request.path.startswith(("/users/", "/media/")), 404
        ),
        "HEAD gives 404",
    ),
}
