"""Fields that count only where a server expects them, and methods that nobody thought of."""

from collections.abc import Callable
from dataclasses import replace

from mutants import DONE, Mutant
from mutants.faulty import Answer, Ask, Handler, Request, asked, at, failing, when
from mutants.rules import Comments

_ACTIONS = {"follow", "unfollow", "block", "unblock", "approve", "ignore"}


def _fault(kind: str, operations: str, handler: Handler, text: str) -> Mutant:
    return Mutant(kind, text, tuple(operations.split()), lambda: handler)


def _not_in_query(*names: str) -> Handler:
    def changed(request: Request) -> Request:
        return replace(request, query={key: one for key, one in request.query.items() if key not in names})

    return asked(changed)


def _part(change: Callable[[str], str]) -> Handler:
    """Texts of parts are read wrongly."""
    return when(
        lambda one: one.in_parts,
        asked(lambda one: replace(one, form={name: change(text) for name, text in one.form.items()})),
    )


class _Unruled(Comments):
    """It keeps the rules of comments for other requests only."""

    def __init__(self, chosen: Callable[[Request], object]) -> None:
        super().__init__({})
        self._chosen = chosen

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        given = request.values.get("text")
        if given and request.operation == "createComment" and self._chosen(request):
            return await ask(request.having(text=self.name(given)))
        return await super().__call__(request, ask)


def _of(request: Request, method: str) -> str | None:
    """The operation that the request would be by another method."""
    return replace(request, method=method).operation


def _taken_for(method: str, other: str, operations: str) -> Handler:
    """A method does what another one does."""
    return when(
        lambda one: one.method == method and _of(one, other) in operations.split(),
        asked(lambda one: replace(one, method=other)),
    )


async def _done(request: Request, ask: Ask) -> Answer:
    answer = await ask(request)
    return replace(answer.saying(DONE), status=200) if request.method == "PATCH" else answer


async def _silently_liked(request: Request, ask: Ask) -> Answer:
    """What is refused is done."""
    if request.method == "PUT" and _of(request, "POST") == "likeMedia":
        await ask(replace(request, method="POST"))
    return await ask(request)


FORMS = {
    "text-not-in-query": _fault(
        "protocol",
        "createComment",
        at("createComment", _not_in_query("text")),
        "a text in the query is not seen",
    ),
    "action-not-in-query": _fault(
        "protocol",
        "updateRelationship",
        at("updateRelationship", _not_in_query("action")),
        "an action in the query is not seen",
    ),
    "any-action-in-query": _fault(
        "rules",
        "updateRelationship",
        when(
            lambda one: one.query.get("action", "follow") not in _ACTIONS,
            asked(lambda one: one.having(action="follow")),
        ),
        "an unknown action in the query is to follow",
    ),
    "object-not-in-query": _fault(
        "protocol",
        "createSubscription",
        at("createSubscription", _not_in_query("object", "aspect")),
        "a subscription takes its fields from the body alone",
    ),
    "parts-unread": _fault(
        "protocol",
        "createComment updateRelationship",
        when(lambda one: one.in_parts, asked(lambda one: replace(one, form={}))),
        "forms in parts are not read",
    ),
    "parts-in-latin-1": _fault(
        "protocol", "createComment", _part(lambda one: one.encode().decode("latin-1")), "parts are in Latin-1"
    ),
    "parts-trimmed": _fault(
        "protocol", "createComment", _part(str.strip), "white space about the text of a part is lost"
    ),
    "query-without-rules": Mutant(
        "rules",
        "a text in the query need not keep any rule",
        ("createComment",),
        lambda: _Unruled(lambda one: "text" in one.query),
    ),
    "parts-without-rules": Mutant(
        "rules",
        "a text in parts need not keep any rule",
        ("createComment",),
        lambda: _Unruled(lambda one: one.in_parts),
    ),
    "put-for-post": _fault(
        "protocol",
        "createComment likeMedia",
        _taken_for("PUT", "POST", "createComment likeMedia"),
        "PUT does what POST does",
    ),
    "patch-for-post": _fault(
        "protocol",
        "updateRelationship",
        _taken_for("PATCH", "POST", "updateRelationship"),
        "PATCH does what POST does",
    ),
    "put-in-silence": _fault("state", "likeMedia", _silently_liked, "PUT likes, though it is refused"),
    "patch-confirmed": _fault("protocol", "getMedia getUser", _done, "PATCH is confirmed, and does nothing"),
    "unknown-methods-crash": _fault(
        "protocol",
        "getUser likeMedia",
        failing(lambda one: one.method in ("PUT", "PATCH", "TRACE")),
        "a crash on methods that no path has",
    ),
    "options-crash": _fault(
        "protocol", "getTag", failing(lambda one: one.method == "OPTIONS"), "a crash on OPTIONS"
    ),
    "head-crashes": _fault(
        "protocol", "getUser", failing(lambda one: one.method == "HEAD"), "a crash on HEAD"
    ),
    "head-not-found": _fault(
        "protocol",
        "listFollows getMedia",
        failing(lambda one: one.method == "HEAD" and one.path.startswith(("/users/", "/media/")), 404),
        "HEAD finds nothing",
    ),
}
