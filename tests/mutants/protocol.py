"""Statuses, headers and bytes that are not as documented."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import SNOW, TOWER, VIDEO, Mutant, mutant_of
from mutants.faulty import (
    Answer,
    Handler,
    Json,
    Request,
    answered,
    at,
    body,
    failing,
    for_granted,
    for_refused,
    header,
    status,
    text,
)

_protocol = partial(mutant_of, "protocol")


def answered_by(names: Callable[[Request, Answer], bool], number: int) -> Handler:
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
        "getUser", answered_by(lambda asked, _: not asked.token, 401), "a missing token is answered with 401"
    ),
    "not-found": _protocol(
        "getMedia",
        answered_by(lambda _, answer: b"media id" in answer.body, 404),
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
        answered_by(lambda _, answer: answer.status == 302, 200),
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
    "flat-parameters": _protocol(
        "searchMedia",
        for_refused(
            answered(
                lambda _, answer: answer.saying(answer.json["meta"]) if b"APIInv" in answer.body else answer
            )
        ),
        "errors of parameters are told outside of meta",
    ),
    "remaining-missing": _protocol(
        "searchMedia", for_refused(header(REMAINING, lambda _: None)), "refusals do not tell what is left"
    ),
    "remaining-a-word": _protocol("getFeed", header(REMAINING, lambda _: "many"), "what is left is a word"),
    "remaining-negative": _protocol(
        "searchLocations", header(REMAINING, lambda _: "-1"), "less than nothing is left"
    ),
    "remaining-grows": Mutant("protocol", "more is left each time", ("getUser", "listLikes"), _growing),
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
