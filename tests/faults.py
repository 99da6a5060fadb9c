"""What can be wrong with a server: each fault is a small change around the reference server.

A fault changes requests on their way in or answers on their way out; what it keeps in mind, it keeps
from one request to the next. Nothing here knows of wirecheck.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from typing import Any

from starlette.types import ASGIApp

from faulty import (
    Answer,
    Ask,
    Faulty,
    Handler,
    Json,
    Request,
    also,
    answered,
    asked,
    at,
    body,
    data,
    data_as_asked,
    drop,
    each,
    failing,
    for_granted,
    for_refused,
    header,
    inner,
    put,
    status,
    text,
)
from instagram_server import ids, world

ALL, OTHER = world.tokens()["all"], world.tokens()["other"]
ADA, BELA = str(world.ADA), str(world.BELA)
# Media that the contract names.
SNOW, VIDEO, TOWER = "1127838097061452801_1001", "1127113321330252802_1001", "1126388545599054851_1002"
DONE = {"meta": {"code": 200}, "data": None}


@dataclass(frozen=True, slots=True)
class Fault:
    """``make`` gives a handler with a new memory. ``shows`` are the operations to look at for it."""

    kind: str
    text: str
    shows: tuple[str, ...]
    make: Callable[[], Handler] = field(repr=False)

    def wrap(self, app: ASGIApp) -> ASGIApp:
        """The server with this fault."""
        return Faulty(app, self.make())


def _always(handler: Handler) -> Callable[[], Handler]:
    return lambda: handler


# Shape


def _shape(where: str, handler: Handler, text: str) -> Fault:
    return Fault("shape", text, (where,), _always(at(where, handler)))


def _last_without(name: str) -> Callable[[Json], Json]:
    return lambda found: [*found[:-1], *({k: v for k, v in one.items() if k != name} for one in found[-1:])]


def _error(change: Callable[[Json], Json]) -> Handler:
    """The body of a refusal becomes what a function makes of the error."""
    return for_refused(
        answered(lambda _, answer: answer.saying(change(answer.json.get("meta", answer.json))))
    )


SHAPE = {
    "meta-missing": _shape(
        "getUser", body(lambda _, found: {"data": found["data"]}), "no meta beside the data"
    ),
    "data-missing": _shape(
        "likeMedia", body(lambda _, found: {"meta": found["meta"]}), "no data where it is null"
    ),
    "field-missing": _shape("listUserRecentMedia", each(drop("images")), "media without images"),
    "inner-field-missing": _shape("getMedia", each(drop("likes.count")), "likes without their count"),
    "last-lacks-field": _shape("searchUsers", data(_last_without("username")), "the last user has no name"),
    "number-as-text": _shape("getMediaByShortcode", each(inner("likes.count", str)), "a count is a text"),
    "text-as-number": _shape("listComments", each(inner("id", int)), "ids of comments are numbers"),
    "time-as-number": _shape("searchMedia", each(inner("created_time", int)), "created_time is a number"),
    "latitude-as-text": _shape("getLocation", each(inner("latitude", str)), "coordinates are texts"),
    "flag-as-text": _shape("getRelationship", each(inner("target_user_is_private", str)), "a flag is a text"),
    "unknown-type": _shape(
        "getFeed", each(inner("type", {"image": "photo"}.get)), "images have the type photo"
    ),
    "unknown-status": _shape(
        "updateRelationship",
        each(inner("outgoing_status", {"follows": "following"}.get)),
        "who follows is said to be following",
    ),
    "null-name": _shape("listFollows", each(put(username=None)), "names of users are null"),
    "null-item": _shape("listFollowedBy", data(lambda found: [*found, None]), "a null among the users"),
    "double-envelope": _shape("getTag", data(lambda found: {"data": found}), "data within the data"),
    "bare-list": _shape("searchTags", body(lambda _, found: found["data"]), "a list without its envelope"),
    "list-as-object": _shape(
        "listLikes", data(lambda found: {one["id"]: one for one in found}), "a list is an object by id"
    ),
    "object-as-list": _shape("getUser", data(lambda found: [found]), "an object is a list of one"),
    "caption-as-text": _shape(
        "listLikedMedia", each(inner("caption", lambda one: one["text"])), "captions are mere texts"
    ),
    "pagination-as-list": _shape(
        "listTagRecentMedia", body(lambda _, found: found.update(pagination=[])), "pagination is a list"
    ),
    "code-as-text": _shape(
        "listPopularMedia", body(lambda _, found: found.update(meta={"code": "200"})), "meta.code is a text"
    ),
    "other-code": _shape(
        "getLocation", body(lambda _, found: found.update(meta={"code": 201})), "meta.code is not the status"
    ),
    "single-as-object": _shape("listRequestedBy", data(lambda found: found[0]), "a list of one is the one"),
    "null-coordinate": _shape("searchLocations", each(put(latitude=None)), "a coordinate is null"),
    "negative-count": _shape("getTag", each(put(media_count=-1)), "a tag has fewer than no media"),
    "no-author": _shape(
        "getEmbed", body(lambda _, found: drop("author_name")(found)), "an author without name"
    ),
    "error-lacks-type": _shape(
        "getMedia",
        _error(lambda error: {"meta": {k: v for k, v in error.items() if k != "error_type"}}),
        "refusals do not name their type",
    ),
    "error-as-text": _shape(
        "searchUsers", _error(lambda error: error["error_message"]), "refusals are mere texts in JSON"
    ),
}


# Protocol


def _protocol(where: str, handler: Handler, text: str) -> Fault:
    return Fault("protocol", text, (where,), _always(at(where, handler)))


def _where(names: Callable[[Request, Answer], bool], number: int) -> Handler:
    return answered(lambda asked, answer: replace(answer, status=number) if names(asked, answer) else answer)


def _growing() -> Handler:
    left = iter(range(1000, 10**9))
    return at("getUser listLikes", header(REMAINING, lambda _: str(next(left))))


def _repeats(request: Request) -> str:
    return f"token={request.token}"


REMAINING = "x-ratelimit-remaining"
PROTOCOL = {
    "created": _protocol("createComment", for_granted(status(201)), "a comment is answered with 201"),
    "no-content": _protocol(
        "likeMedia",
        for_granted(answered(lambda _, answer: replace(answer, status=204, body=b""))),
        "a like is answered with 204",
    ),
    "unauthorized": _protocol(
        "getUser", _where(lambda asked, _: not asked.token, 401), "a missing token is answered with 401"
    ),
    "not-found": _protocol(
        "getMedia",
        _where(lambda _, answer: b"media id" in answer.body, 404),
        "unknown media are answered with 404",
    ),
    "to-people": _protocol(
        "listLikes",
        for_granted(
            answered(lambda _, one: Answer(302, {**one.headers, "location": "https://x.example/"}, b""))
        ),
        "a list leads to a page for people",
    ),
    "no-redirect": _protocol(
        "redirectToMedia",
        _where(lambda _, answer: answer.status == 302, 200),
        "a redirect is answered with 200",
    ),
    "to-nowhere": _protocol("redirectToMedia", header("location", lambda _: None), "a redirect to nowhere"),
    "html": _protocol(
        "getTag", for_granted(header("content-type", lambda _: "text/html")), "JSON is called HTML"
    ),
    "plain-errors": _protocol(
        "getLocation", for_refused(header("content-type", lambda _: "text/plain")), "refusals are called text"
    ),
    "no-content-type": _protocol(
        "searchTags", header("content-type", lambda _: None), "nothing says that it is JSON"
    ),
    "broken-json": _protocol("getUser", for_granted(text(lambda one: one[:-1])), "the last brace is missing"),
    "notice-behind": _protocol(
        "listComments", for_granted(text(lambda one: one + b"\nNotice: x")), "a notice stands behind the JSON"
    ),
    "utf-16": _protocol("getMedia", text(lambda one: one.decode().encode("utf-16")), "JSON is in UTF-16"),
    "not-a-number": _protocol(
        "getLocation",
        text(lambda one: re.sub(rb'"latitude":[^,}]+', b'"latitude":NaN', one)),
        "a coordinate is NaN",
    ),
    "empty-body": _protocol("listPopularMedia", for_granted(text(lambda _: b"")), "an answer without a body"),
    "limit-missing": _protocol(
        "listFollows", header("x-ratelimit-limit", lambda _: None), "no rate limit is told"
    ),
    "remaining-missing": _protocol(
        "searchMedia", for_refused(header(REMAINING, lambda _: None)), "refusals do not tell what is left"
    ),
    "remaining-a-word": _protocol("getFeed", header(REMAINING, lambda _: "many"), "what is left is a word"),
    "remaining-negative": _protocol(
        "searchLocations", header(REMAINING, lambda _: "-1"), "less than nothing is left"
    ),
    "remaining-grows": Fault("protocol", "more is left each time", ("getUser", "listLikes"), _growing),
    "crash": _protocol("getTag", failing(), "a crash, whatever is asked"),
    "crash-of-write": _protocol("likeMedia", failing(), "a crash after it was written"),
    "overload": _protocol("listRequestedBy", failing(status=503), "overload without end"),
    "crash-on-word": _protocol(
        "listUserRecentMedia",
        failing(lambda asked: not asked.query.get("count", "1").lstrip("-").isdigit()),
        "a crash on what is no number",
    ),
    "crash-on-zero": _protocol(
        "listFollows", failing(lambda asked: asked.query.get("count") == "0"), "a crash on a count of 0"
    ),
    "crash-on-missing": _protocol(
        "searchUsers", failing(lambda asked: "q" not in asked.query), "a crash on a missing parameter"
    ),
    "crash-on-unknown": _protocol(
        "listComments",
        failing(lambda asked: asked.parts[1] not in (SNOW, VIDEO, TOWER)),
        "a crash on unknown media",
    ),
    "crash-without-token": _protocol(
        "getLocation", failing(lambda asked: not asked.token), "a crash without a token"
    ),
    "token-in-error": _protocol(
        "getRelationship",
        for_refused(answered(lambda asked, answer: answer.saying(_told(answer.json, asked.token)))),
        "refusals repeat the token",
    ),
    "token-in-header": _protocol("getMedia", header("x-debug", _repeats), "a header repeats the token"),
    "token-in-cookie": _protocol("listLikes", header("set-cookie", _repeats), "a cookie repeats the token"),
    "token-in-data": _protocol(
        "getUser",
        body(lambda asked, found: found["data"].update(bio=asked.token)),
        "the token stands in the data",
    ),
    "secret-in-data": _protocol(
        "listSubscriptions",
        body(lambda asked, found: found["data"][0].update(owner=asked.query["client_secret"])),
        "the secret of an app stands in the data",
    ),
    "granted-in-name": _protocol(
        "getMediaByShortcode", for_refused(status(200)), "refusals have the status 200"
    ),
    "refused-in-name": _protocol(
        "listTagRecentMedia", for_granted(status(400)), "successes have the status 400"
    ),
}


def _told(error: Json, token: str) -> Json:
    error.get("meta", error)["error_message"] = f"{token} may not do this"
    return error


def _shouts(text: str) -> bool:
    return any(map(str.isupper, text)) and not any(map(str.islower, text))


# Rules

TAG = r"#(?:\w|[^\x00-\x7f\s])+"
URL = r"(?i)https?://"
RIGHT: dict[str, Callable[[str], Any]] = {
    "length": lambda text: len(text) > 300,
    "hashtags": lambda text: _count(TAG, text) > 4,
    "urls": lambda text: _count(URL, text) > 1,
    "capitals": _shouts,
}
"""What a comment is refused for, as it should be."""
REFUSED = "x" * 301


class Comments:
    """A server with rules of its own for the texts of comments, and its own way to store them.

    A text stands under another name at the right server, and is put into what that answers.
    """

    def __init__(self, rules: dict[str, Callable[[str], Any]], stored: Callable[[str], str] = str) -> None:
        self._rules, self._stored = RIGHT | rules, stored
        self._texts: dict[str, str] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        given = request.values.get("text")
        if request.operation != "createComment" or not given:
            answer = await ask(request)
            return replace(answer, body=self._shown(answer.body))
        if any(rule(given) for rule in self._rules.values()):
            return await ask(request.having(text=REFUSED))
        return await ask(request.having(text=self.name(given)))

    def name(self, given: str) -> str:
        name = f"text number {len(self._texts)}."
        self._texts[name] = self._stored(given)
        return name

    def _shown(self, answered: bytes) -> bytes:
        for name, stored in self._texts.items():
            answered = answered.replace(json.dumps(name).encode(), json.dumps(stored).encode())
        return answered


class Careless(Comments):
    """It stores what it refuses."""

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await super().__call__(request, ask)
        if request.operation == "createComment" and b"Your comment" in answer.body:
            await ask(request.having(text=self.name(request.values["text"])))
        return answer


def _count(pattern: str, text: str) -> int:
    return len(re.findall(pattern, text))


def _rule(name: str, refused: Callable[[str], Any], text: str) -> Fault:
    return Fault("rules", text, ("createComment",), partial(Comments, {name: refused}))


def _stores(change: Callable[[str], str], text: str) -> Fault:
    return Fault("rules", text, ("createComment",), partial(Comments, {}, change))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


RULES = {
    "bytes-counted": _rule("length", lambda text: len(text.encode()) > 300, "300 bytes are the most"),
    "utf-16-counted": _rule(
        "length", lambda text: len(text.encode("utf-16-le")) > 600, "300 units of UTF-16 are"
    ),
    "graphemes-counted": _rule(
        "length",
        lambda text: sum(not unicodedata.combining(one) for one in text) > 300,
        "marks count nothing",
    ),
    "composed-counted": _rule(
        "length", lambda text: len(_composed(text)) > 300, "the composed form is counted"
    ),
    "trimmed-counted": _rule(
        "length", lambda text: len(text.strip()) > 300, "spaces at the ends count nothing"
    ),
    "299-at-most": _rule("length", lambda text: len(text) > 299, "300 characters are too many"),
    "301-taken": _rule("length", lambda text: len(text) > 301, "301 characters are taken"),
    "length-unchecked": _rule("length", lambda _: False, "any length is taken"),
    "ascii-hashtags": _rule(
        "hashtags", lambda text: _count(r"(?a)#\w+", text) > 4, "only hashtags of ASCII count"
    ),
    "letter-hashtags": _rule(
        "hashtags", lambda text: _count(r"#[^\W\d]", text) > 4, "hashtags of digits do not"
    ),
    "five-hashtags": _rule("hashtags", lambda text: _count(TAG, text) > 5, "five hashtags are taken"),
    "four-hashtags": _rule("hashtags", lambda text: _count(TAG, text) > 3, "four hashtags are refused"),
    "spaced-hashtags": _rule(
        "hashtags", lambda text: _count(rf"(?<!\S){TAG}", text) > 4, "hashtags count behind spaces only"
    ),
    "signs-counted": _rule("hashtags", lambda text: text.count("#") > 4, "signs count without a word behind"),
    "distinct-hashtags": _rule(
        "hashtags",
        lambda text: len(set(re.findall(TAG, text.lower()))) > 4,
        "a hashtag that is repeated counts once",
    ),
    "hashtags-unchecked": _rule("hashtags", lambda _: False, "hashtags are not counted"),
    "http-only": _rule("urls", lambda text: _count(r"(?i)http://", text) > 1, "https does not count"),
    "https-only": _rule("urls", lambda text: _count(r"(?i)https://", text) > 1, "http does not count"),
    "small-urls": _rule("urls", lambda text: _count("https?://", text) > 1, "URLs in capitals do not count"),
    "two-urls": _rule("urls", lambda text: _count(URL, text) > 2, "two URLs are taken"),
    "one-url": _rule("urls", lambda text: _count(URL, text) > 0, "one URL is refused"),
    "spaced-urls": _rule(
        "urls", lambda text: _count(r"(?i)(?<!\S)https?://", text) > 1, "URLs count behind spaces"
    ),
    "ascii-urls": _rule("urls", lambda text: _count(URL + "[a-zA-Z]", text) > 1, "only URLs of ASCII count"),
    "urls-unchecked": _rule("urls", lambda _: False, "URLs are not counted"),
    "ascii-capitals": _rule(
        "capitals",
        lambda text: re.search("[A-Z]", text) and not re.search("[a-z]", text),
        "only ASCII has capitals",
    ),
    "digits-break-capitals": _rule(
        "capitals",
        lambda text: _shouts(text) and not re.search(r"\d", text),
        "a digit among capitals is enough",
    ),
    "signs-break-capitals": _rule(
        "capitals",
        lambda text: _shouts(text) and not re.search(r"[^\w\s]", text),
        "punctuation among them is enough",
    ),
    "spaces-break-capitals": _rule(
        "capitals", lambda text: _shouts(text) and " " not in text, "a space among capitals is enough"
    ),
    "caseless-refused": _rule(
        "capitals",
        lambda text: any(map(str.isalpha, text)) and text == text.upper(),
        "caseless scripts are refused",
    ),
    "digits-refused": _rule(
        "capitals", lambda text: not any(map(str.islower, text)), "what has no small letter is refused"
    ),
    "mostly-capitals": _rule(
        "capitals",
        lambda text: sum(map(str.isupper, text)) > sum(map(str.islower, text)),
        "mostly capitals are refused",
    ),
    "capitals-unchecked": _rule("capitals", lambda _: False, "capitals are taken"),
    "text-trimmed": _stores(str.strip, "spaces at the ends are cut"),
    "spaces-joined": _stores(lambda text: re.sub(r"\s+", " ", text), "white space becomes one space"),
    "text-composed": _stores(_composed, "texts are composed"),
    "text-decomposed": _stores(lambda text: unicodedata.normalize("NFD", text), "texts are decomposed"),
    "text-escaped": _stores(escape, "texts are escaped for HTML"),
    "text-cut": _stores(lambda text: text[:299], "texts end behind 299 characters"),
    "bytes-cut": _stores(
        lambda text: text.encode()[:300].decode(errors="ignore"), "texts end behind 300 bytes"
    ),
    "emoji-lost": _stores(
        lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text), "emoji become question marks"
    ),
    "ascii-stored": _stores(
        lambda text: text.encode("ascii", "replace").decode(), "other than ASCII becomes ?"
    ),
    "tags-lowered": _stores(
        lambda text: re.sub(TAG, lambda tag: tag[0].lower(), text), "hashtags become small"
    ),
    "lines-joined": _stores(lambda text: text.replace("\n", " "), "line feeds become spaces"),
    "refused-but-stored": Fault(
        "rules", "what is refused is stored", ("createComment",), partial(Careless, {})
    ),
}


# State


def _state(shows: str, handler: Handler, text: str) -> Fault:
    return Fault("state", text, tuple(shows.split()), _always(handler))


def _read(path: str) -> Request:
    return Request("GET", path, {"access_token": ALL}, {})


def _media_of(request: Request) -> str:
    return f"/media/{request.parts[1]}"


def _delete_newest(keep: str = "") -> Handler:
    """After what was asked, the newest comment is deleted, too, but for those that are kept."""

    async def handle(request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if answer.granted:
            listed = await ask(_read(f"{_media_of(request)}/comments"))
            for one in listed.json["data"][-1:]:
                await ask(Request("DELETE", f"{_media_of(request)}/comments/{one['id']}", request.values, {}))
        return answer

    return handle


class Remembering:
    """Answers of an operation stay what they were at first, as far as a function takes them over."""

    def __init__(self, name: str, take_over: Callable[[Json, Json], Any]) -> None:
        self._name, self._take_over = name, take_over
        self._first: dict[str, Json] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != self._name or not answer.granted:
            return answer
        found = answer.json
        self._take_over(found, self._first.setdefault(request.path, answer.json))
        return answer.saying(found)


class StillListed:
    """Comments that were ever seen are listed for ever."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[int, Json]] = {}

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != "listComments" or not answer.granted:
            return answer
        seen = self._seen.setdefault(request.path, {})
        seen |= {int(one["id"]): one for one in answer.json["data"]}
        return answer.saying({**answer.json, "data": [seen[key] for key in sorted(seen)]})


class Late:
    """A like, or its end, takes effect when the next one comes."""

    def __init__(self) -> None:
        self._waiting: Request | None = None

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation not in ("likeMedia", "unlikeMedia"):
            return await ask(request)
        if self._waiting:
            await ask(self._waiting)
        self._waiting = request
        read = await ask(_read(_media_of(request)).having(access_token=request.token))
        return read.saying(DONE) if read.granted else await ask(request)


class Toggling:
    """Who likes again, likes no longer."""

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation == "likeMedia":
            found = await ask(_read(_media_of(request)))
            if found.granted and found.json["data"]["user_has_liked"]:
                request = replace(request, method="DELETE", query=request.values, form={})
        return await ask(request)


def _relate(action: str, then: str) -> Handler:
    """An action is followed by another one on the same user."""
    return at(
        "updateRelationship",
        also(lambda asked: [asked.having(action=then)] if asked.values.get("action") == action else []),
    )


def _takes_for(**actions: str) -> Handler:
    """An action is taken for another one."""

    def changed(request: Request) -> Request:
        given = request.values.get("action", "")
        return request.having(action=actions[given]) if given in actions else request

    return at("updateRelationship", asked(changed))


def _shown(name: str, change: Callable[[Json], Any]) -> Handler:
    """The data that a read gives are changed in place."""
    return at(name, body(lambda _, found: change(found["data"])))


def _liked_once_more(media: Json) -> None:
    media["likes"]["count"] += media["user_has_liked"]


def _of_bela(comments: Json) -> None:
    for one in comments:
        if one["from"]["id"] == ADA:
            one["from"].update(id=BELA, username="bela")


def _mutual(relationship: Json) -> None:
    if relationship["outgoing_status"] == "follows":
        relationship["incoming_status"] = "followed_by"


WRITE, RELATE = "createComment", "updateRelationship"
STATE = {
    "deleted-still-listed": Fault("state", "comments are listed for ever", (WRITE,), StillListed),
    "deletes-two": _state(
        WRITE, at("deleteComment", _delete_newest()), "deleting takes a further comment along"
    ),
    "delete-ignored": _state(
        WRITE,
        at("deleteComment", asked(lambda one: replace(one, method="GET", path=_media_of(one)))),
        "deleting a comment does nothing",
    ),
    "comment-lost": _state(WRITE, at(WRITE, _delete_newest()), "a comment is granted, and not there"),
    "comment-twice": _state(WRITE, at(WRITE, also(lambda one: [one])), "a comment is stored twice"),
    "comment-by-another": _state(WRITE, _shown("listComments", _of_bela), "comments are by another user"),
    "comment-as-another": _state(
        WRITE,
        at(WRITE, asked(lambda one: one.having(access_token=OTHER) if one.token == ALL else one)),
        "comments are written as another user",
    ),
    "comment-elsewhere": _state(
        WRITE,
        at(WRITE, asked(lambda one: replace(one, path=f"/media/{TOWER}/comments"))),
        "comments are written to other media",
    ),
    "comment-pushes-out": _state(
        WRITE,
        at("listComments", data(lambda found: found[-1:])),
        "a comment takes the place of the one before",
    ),
    "newest-hidden": _state(
        WRITE, at("listComments", data(lambda found: found[:-1])), "the newest is not listed"
    ),
    "comments-cached": Fault(
        "state",
        "a list of comments stays what it was",
        (WRITE,),
        lambda: Remembering("listComments", lambda now, first: now.update(data=first["data"])),
    ),
    "comment-count-stale": Fault(
        "state",
        "the number of comments stays what it was",
        (WRITE,),
        lambda: Remembering(
            "getMedia", lambda now, first: now["data"].update(comments=first["data"]["comments"])
        ),
    ),
    "like-lost": _state(
        "likeMedia",
        at("likeMedia", also(lambda one: [replace(one, method="DELETE", query=one.values, form={})])),
        "a like is granted, and not there",
    ),
    "like-not-listed": _state(
        "likeMedia",
        at("listLikes", data(lambda found: [one for one in found if one["id"] != ADA])),
        "one's own like is not listed",
    ),
    "like-not-flagged": _state(
        "likeMedia", _shown("getMedia", put(user_has_liked=False)), "nothing is flagged"
    ),
    "flag-for-all": _state(
        "likeMedia", _shown("getMedia", put(user_has_liked=True)), "everything is flagged"
    ),
    "like-not-counted": Fault(
        "state",
        "the number of likes stays what it was",
        ("likeMedia",),
        lambda: Remembering("getMedia", lambda now, first: now["data"].update(likes=first["data"]["likes"])),
    ),
    "like-counts-twice": _state(
        "likeMedia", _shown("getMedia", _liked_once_more), "one's own like counts twice"
    ),
    "likes-one-more": _state(
        "getMedia",
        _shown("getMedia", inner("likes.count", lambda n: n + 1)),
        "a like more is counted than listed",
    ),
    "comments-one-more": _state(
        "getMedia", _shown("getMedia", inner("comments.count", lambda n: n + 1)), "a comment more is counted"
    ),
    "like-as-another": _state(
        "likeMedia",
        at("likeMedia", asked(lambda one: one.having(access_token=OTHER) if one.token == ALL else one)),
        "a like is another user's",
    ),
    "like-clears": _state(
        "likeMedia",
        at("listLikes", data(lambda found: [one for one in found if one["id"] == ADA] or found)),
        "a like takes the place of all others",
    ),
    "like-elsewhere": _state(
        "likeMedia",
        at("likeMedia", asked(lambda one: replace(one, path=f"/media/{TOWER}/likes"))),
        "other media are liked",
    ),
    "like-toggles": Fault("state", "who likes again, likes no longer", ("likeMedia",), Toggling),
    "unlike-ignored": _state(
        "likeMedia",
        at("unlikeMedia", asked(lambda one: replace(one, method="POST", query={}, form=one.values))),
        "a like cannot be taken back",
    ),
    "unlike-takes-more": _state(
        "likeMedia",
        at("unlikeMedia", also(lambda one: [one.having(access_token=OTHER)])),
        "with a like another user's is taken back",
    ),
    "likes-late": Fault("state", "likes wait for the next one", ("likeMedia",), Late),
    "follow-not-shown": _state(
        RELATE, _shown("getRelationship", put(outgoing_status="none")), "nobody is followed"
    ),
    "follow-lost": _state(RELATE, _relate("follow", "unfollow"), "who follows, does not"),
    "unfollow-ignored": _state(RELATE, _relate("unfollow", "follow"), "who unfollows, follows"),
    "block-lost": _state(RELATE, _relate("block", "unblock"), "who is blocked, is not"),
    "block-unfollows": _state(RELATE, _takes_for(block="unfollow"), "blocking is unfollowing"),
    "block-not-shown": _state(
        RELATE,
        _shown(
            "getRelationship", inner("incoming_status", lambda one: one.replace("blocked_by_you", "none"))
        ),
        "who is blocked is not shown as such",
    ),
    "unblock-ignored": _state(RELATE, _relate("unblock", "block"), "who is unblocked stays blocked"),
    "approve-ignores": _state(RELATE, _takes_for(approve="ignore"), "approving is ignoring"),
    "ignore-approves": _state(RELATE, _takes_for(ignore="approve"), "ignoring is approving"),
    "ignore-blocks": _state(RELATE, _relate("ignore", "block"), "who is ignored is blocked"),
    "private-followed": _state(
        RELATE,
        at(
            f"{RELATE} getRelationship",
            each(inner("outgoing_status", lambda one: one.replace("requested", "follows"))),
        ),
        "private users are followed at once",
    ),
    "follow-asks": _state(
        RELATE,
        at(
            f"{RELATE} getRelationship",
            each(inner("outgoing_status", lambda one: one.replace("follows", "requested"))),
        ),
        "users who are not private are asked, too",
    ),
    "follow-is-mutual": _state(RELATE, _shown("getRelationship", _mutual), "who is followed, follows"),
    "approve-follows": _state(RELATE, _relate("approve", "follow"), "who approves, follows"),
}


# Paging


def _paging(where: str, handler: Handler, text: str) -> Fault:
    return Fault("paging", text, (where,), _always(at(where, handler)))


CURSORS = ("max_id", "max_like_id", "max_tag_id", "cursor")


def _is_first(request: Request) -> bool:
    return not any(name in request.query for name in CURSORS)


def _later(change: Callable[[Json], Json]) -> Handler:
    """Pages after the first are changed."""
    return data_as_asked(lambda asked, found: found if _is_first(asked) else change(found))


def _small(change: Callable[[Json], Json], below: int = 6) -> Handler:
    """Pages of few items are changed."""
    return data_as_asked(
        lambda asked, found: change(found) if int(asked.query.get("count", below)) < below else found
    )


class Repeating:
    """The last item of a page comes again on the next one."""

    def __init__(self) -> None:
        self._last: Json = None

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if request.operation != "listFollows" or not answer.granted:
            return answer
        found, last = answer.json, self._last
        self._last = found["data"][-1] if found["data"] else None
        if last and not _is_first(request):
            found["data"] = [last, *found["data"]][: int(request.query.get("count", 50))]
        return answer.saying(found)


def _endless(request: Request, found: Json) -> None:
    if not found["pagination"]:
        query = "&".join(f"{name}={value}" for name, value in request.query.items())
        found["pagination"] = {
            "next_url": f"https://api.instagram.com/v1{request.path}?{query}&cursor=1",
            "next_cursor": "1",
        }


def _ends_early(request: Request, found: Json) -> None:
    if not _is_first(request):
        found["pagination"] = {}


def _ends_at_once(request: Request, found: Json) -> None:
    if "count" in request.query:
        found["pagination"] = {}


PAGING = {
    "last-comes-twice": Fault(
        "paging", "the last item comes again on the next page", ("listFollows",), Repeating
    ),
    "first-is-lost": _paging(
        "listFollowedBy", _later(lambda found: found[1:]), "the first of a later page is lost"
    ),
    "last-is-lost": _paging(
        "getFeed", _small(lambda found: found[:-1] if len(found) > 2 else found), "the last is lost"
    ),
    "never-ends": _paging("listFollows", body(_endless), "there is always a next page"),
    "cursor-ignored": _paging(
        "listLikedMedia", asked(lambda one: one.without(*CURSORS)), "each page is the first"
    ),
    "turned-later": _paging(
        "listUserRecentMedia", _later(lambda found: found[::-1]), "later pages are turned round"
    ),
    "users-turned-later": _paging(
        "listFollows", _later(lambda found: found[::-1]), "later pages are turned round"
    ),
    "liked-turned": _paging(
        "listLikedMedia", _small(lambda found: found[::-1]), "small pages are turned round"
    ),
    "sorted-when-small": _paging(
        "listFollowedBy",
        _small(lambda found: sorted(found, key=lambda one: one["id"])),
        "small pages are sorted",
    ),
    "count-ignored": _paging("getFeed", asked(lambda one: one.without("count")), "count is ignored"),
    "one-too-many": _paging(
        "listUserRecentMedia",
        asked(
            lambda one: (
                one.having(count=str(int(one.query["count"]) + 1))
                if one.query.get("count", "").isdigit() and one.query["count"] != "0"
                else one
            )
        ),
        "a page has one item more than asked for",
    ),
    "ends-early": _paging("listTagRecentMedia", body(_ends_early), "the second page is the last one"),
    "ends-at-once": _paging(
        "listLikedMedia", body(_ends_at_once), "with count the first page is the last one"
    ),
    "other-cursor": _paging(
        "listUserRecentMedia",
        body(
            lambda _, found: (
                found["pagination"] and found["pagination"].update(next_max_id=found["data"][0]["id"])
            )
        ),
        "the cursor is not that of the last item",
    ),
    "cursor-without-url": _paging(
        "listTagRecentMedia",
        body(
            lambda _, found: (
                "next_url" in found["pagination"]
                and found["pagination"].update(
                    next_url=re.sub("max_tag_id=[^&]*", "", found["pagination"]["next_url"])
                )
            )
        ),
        "the address of the next page has no cursor",
    ),
    "min-id-ignored": _paging(
        "listUserRecentMedia", asked(lambda one: one.without("min_id")), "min_id is ignored"
    ),
    "max-id-taken-in": _paging(
        "getFeed",
        asked(lambda one: one.having(max_id=_above(one.query["max_id"])) if "max_id" in one.query else one),
        "the item of the cursor is on the next page, too",
    ),
    "whole-list": _paging(
        "listFollowedBy",
        body(lambda asked, found: found.update(pagination={}) if "count" not in asked.query else None),
        "large lists end behind the first page",
    ),
    "different-when-small": _paging(
        "listUserRecentMedia",
        _small(lambda found: [drop("users_in_photo.0")(one) or one for one in found][:0]),
        "small pages are empty",
    ),
}


def _above(cursor: str) -> str:
    number, _, owner = cursor.partition("_")
    return f"{int(number) + 1}_{owner}" if number.isdigit() else cursor


# Access


def _access(where: str, handler: Handler, text: str) -> Fault:
    return Fault("access", text, (where,), _always(at(where, handler)))


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


ACCESS = {
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
        "listFollows", _where(lambda asked, _: _lacks("follower_list")(asked), 404), "a missing scope is 404"
    ),
    "empty-for-nobody": _access(
        "listLikedMedia",
        _where(lambda asked, _: not asked.token, 200),
        "without a token an error has the status 200",
    ),
}


# Laws of one exchange


def _laws(where: str, handler: Handler, text: str) -> Fault:
    return Fault("laws", text, (where,), _always(at(where, handler)))


def _another(one: Json) -> None:
    """A media object becomes an older one."""
    number = int(one["id"].partition("_")[0]) - (5 << 23)
    one.update(
        id=f"{number}_{one['user']['id']}", link=f"https://www.instagram.com/p/{ids.shortcode(number)}/"
    )


def _at_path(path: str) -> Handler:
    return asked(lambda one: replace(one, path=path))


def _unasked(*names: str) -> Handler:
    return asked(lambda one: one.without(*names))


def _distant(one: Json) -> None:
    one["distance"] += 400.0


LAWS = {
    "far-away": _laws(
        "searchLocations", each(inner("latitude", lambda one: one + 0.2)), "places far away are found"
    ),
    "distance-ignored": _laws(
        "searchMedia", asked(lambda one: one.having(distance="5000")), "distance is ignored"
    ),
    "places-far-taken": _laws(
        "searchLocations",
        asked(lambda one: one.having(distance="5000") if "lat" in one.query else one),
        "distance is ignored",
    ),
    "untrue-distance": _laws("searchMedia", each(_distant), "distances are wrong"),
    "place-elsewhere": _laws("getLocation", each(put(id="302")), "another location is shown"),
    "media-elsewhere": _laws(
        "listLocationRecentMedia", _at_path("/locations/302/media/recent"), "of another place"
    ),
    "since-ignored": _laws("listUserRecentMedia", _unasked("min_timestamp"), "min_timestamp is ignored"),
    "until-ignored": _laws("listLocationRecentMedia", _unasked("max_timestamp"), "max_timestamp is ignored"),
    "since-of-search": _laws("searchMedia", _unasked("min_timestamp"), "min_timestamp is ignored"),
    "untagged": _laws("listTagRecentMedia", each(put(tags=["rain"])), "a feed without the tag"),
    "other-tag": _laws("getTag", each(put(name="rain")), "another tag is shown"),
    "tags-anywhere": _laws(
        "searchTags",
        data(lambda found: [*found, {"name": "unlike", "media_count": 0}]),
        "a tag not asked for",
    ),
    "exact-tag-last": _laws(
        "searchTags", data(lambda found: [*found[1:], *found[:1]]), "the tag itself stands last"
    ),
    "least-used-first": _laws(
        "searchTags", data(lambda found: found[:1] + found[:0:-1]), "tags that are used least stand first"
    ),
    "users-anyhow": _laws(
        "searchUsers", asked(lambda one: one.having(q="b") if "q" in one.query else one), "others found"
    ),
    "time-off": _laws(
        "getMedia", each(inner("created_time", lambda one: str(int(one) + 60))), "time is not the id's"
    ),
    "time-of-feed": _laws(
        "getFeed", each(inner("created_time", lambda one: str(int(one) - 3600))), "an hour early"
    ),
    "other-link": _laws(
        "getMediaByShortcode",
        each(put(link="https://www.instagram.com/p/-m4sYTgBwC/")),
        "a link to other media",
    ),
    "links-of-popular": _laws(
        "listPopularMedia", each(put(link="https://www.instagram.com/p/-m4sYTgBwC/")), "links to other media"
    ),
    "other-owner": _laws(
        "listPopularMedia", each(inner("user.id", lambda one: str(int(one) + 1))), "not the owner"
    ),
    "other-media": _laws("getMedia", each(_another), "another media object is shown"),
    "other-code": _laws("getMediaByShortcode", each(_another), "a code leads to other media"),
    "code-shows-less": _laws("getMediaByShortcode", each(put(tags=[])), "by its code it has no tags"),
    "self-is-another": _laws("getUser", _at_path(f"/users/{BELA}"), "everybody is bela"),
    "everybody-is-self": _laws("getUser", _at_path("/users/self"), "everybody is oneself"),
    "media-of-others": _laws("listUserRecentMedia", _at_path(f"/users/{BELA}/media/recent"), "media of bela"),
    "own-media-always": _laws(
        "listUserRecentMedia", _at_path("/users/self/media/recent"), "media of oneself"
    ),
    "user-twice": _laws("listLikes", data(lambda found: found + found[:1]), "a user is listed twice"),
    "asker-twice": _laws("listRequestedBy", data(lambda found: found + found[:1]), "a user is listed twice"),
    "media-twice": _laws("listPopularMedia", data(lambda found: found + found[:1]), "media are listed twice"),
    "comment-listed-twice": _laws(
        "listComments", data(lambda found: found + found[-1:]), "comments are listed twice"
    ),
    "comments-turned": Fault(
        "laws",
        "the newest comment stands first",
        ("listComments", "createComment"),
        _always(at("listComments", data(lambda found: found[::-1]))),
    ),
    "oldest-first": _laws(
        "listUserRecentMedia", data(lambda found: found[::-1]), "the oldest media stand first"
    ),
    "tag-feed-twice": _laws(
        "listTagRecentMedia", data(lambda found: found[:19] + found[:1]), "media are there twice"
    ),
    "fewer-than-embedded": _laws(
        "getFeed", each(inner("comments.count", lambda _: 0)), "none is counted, some are there"
    ),
    "embedded-turned": _laws(
        "getFeed", each(inner("comments.data", lambda one: one[::-1])), "embedded: newest first"
    ),
    "embedded-many": _laws(
        "getMedia",
        each(lambda one: one["comments"].update(count=9, data=one["comments"]["data"] * 9)),
        "more comments are embedded than may be",
    ),
    "not-liked": _laws(
        "listLikedMedia", each(put(user_has_liked=False)), "what is liked says that it is not"
    ),
    "follow-misreported": _laws(
        "updateRelationship",
        each(inner("outgoing_status", lambda _: "none")),
        "who follows is told otherwise",
    ),
    "too-wide": _laws("getEmbed", body(lambda _, found: found.update(width=658)), "wider than asked for"),
    "script-anyway": _laws("getEmbed", _unasked("omitscript"), "the script is there all the same"),
    "author-of-another": _laws(
        "getEmbed", body(lambda _, found: found.update(author_id=5)), "another author"
    ),
    "page-too-long": _laws(
        "listFollows",
        asked(lambda one: one.having(count="50") if one.query.get("count", "").isdigit() else one),
        "50 users, whatever is asked for",
    ),
}

FAULTS: dict[str, Fault] = {}
for _kind in (SHAPE, PROTOCOL, RULES, STATE, PAGING, ACCESS, LAWS):
    FAULTS |= _kind
"""By name."""
