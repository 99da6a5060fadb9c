"""Statuses, headers and bytes that differ from the contract."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mutants import SNOW, TOWER, VIDEO, Mutant, mutant_of
from mutants.app import Handler, Json, Request, Response
from mutants.operators import (
    at,
    change_body,
    change_bytes,
    change_response,
    fail,
    if_accepted,
    if_rejected,
    set_header,
    set_status,
)

_protocol = partial(mutant_of, "protocol")


def with_status(chosen: Callable[[Request, Response], bool], number: int) -> Handler:
    return change_response(
        lambda request, response: replace(response, status=number) if chosen(request, response) else response
    )


def _growing() -> Handler:
    left = iter(range(1000, 10**9))
    return at("getUser listLikes", set_header(REMAINING, lambda _: str(next(left))))


def _repeated_token(request: Request) -> str:
    return f"token={request.token}"


REMAINING = "x-ratelimit-remaining"
PROTOCOL = {
    "created": _protocol("createComment", if_accepted(set_status(201)), "creating a comment returns 201"),
    "no-content": _protocol(
        "likeMedia",
        if_accepted(change_response(lambda _, response: replace(response, status=204, body=b""))),
        "liking returns 204",
    ),
    "unauthorized": _protocol(
        "getUser",
        with_status(lambda request, _: not request.token, 401),
        "a missing token gives 401",
    ),
    "not-found": _protocol(
        "getMedia",
        with_status(lambda _, response: b"media id" in response.body, 404),
        "unknown media give 404",
    ),
    "to-people": _protocol(
        "listLikes",
        if_accepted(
            change_response(
                lambda _, response: Response(302, {**response.headers, "location": "https://x.example/"}, b"")
            )
        ),
        "a list redirects to a web page",
    ),
    "no-redirect": _protocol(
        "redirectToMedia",
        with_status(lambda _, response: response.status == 302, 200),
        "a redirect has the status 200",
    ),
    "to-nowhere": _protocol(
        "redirectToMedia", set_header("location", lambda _: None), "a redirect has no location"
    ),
    "html": _protocol(
        "getTag", if_accepted(set_header("content-type", lambda _: "text/html")), "JSON is labelled text/html"
    ),
    "plain-errors": _protocol(
        "getLocation",
        if_rejected(set_header("content-type", lambda _: "text/plain")),
        "errors are labelled text/plain",
    ),
    "no-content-type": _protocol(
        "searchTags", set_header("content-type", lambda _: None), "the response has no content type"
    ),
    "broken-json": _protocol(
        "getUser",
        if_accepted(change_bytes(lambda value: value[:-1])),
        "the last brace of the JSON is missing",
    ),
    "notice-behind": _protocol(
        "listComments",
        if_accepted(change_bytes(lambda value: value + b"\nNotice: x")),
        "a PHP-style notice follows the JSON",
    ),
    "utf-16": _protocol(
        "getMedia", change_bytes(lambda value: value.decode().encode("utf-16")), "JSON is encoded in UTF-16"
    ),
    "not-a-number": _protocol(
        "getLocation",
        change_bytes(lambda value: re.sub(rb'"latitude":[^,}]+', b'"latitude":NaN', value)),
        "a coordinate is NaN",
    ),
    "empty-body": _protocol(
        "listPopularMedia", if_accepted(change_bytes(lambda _: b"")), "the response has no body"
    ),
    "limit-missing": _protocol(
        "listFollows", set_header("x-ratelimit-limit", lambda _: None), "the rate limit header is missing"
    ),
    "flat-parameters": _protocol(
        "searchMedia",
        if_rejected(
            change_response(
                lambda _, response: (
                    response.with_json(response.json["meta"]) if b"APIInv" in response.body else response
                )
            )
        ),
        "parameter errors stand outside of meta",
    ),
    "remaining-missing": _protocol(
        "searchMedia",
        if_rejected(set_header(REMAINING, lambda _: None)),
        "errors lack the header of remaining requests",
    ),
    "remaining-a-word": _protocol(
        "getFeed", set_header(REMAINING, lambda _: "many"), "the number of remaining requests is a word"
    ),
    "remaining-negative": _protocol(
        "searchLocations",
        set_header(REMAINING, lambda _: "-1"),
        "the number of remaining requests is negative",
    ),
    "remaining-grows": Mutant(
        "protocol", "the number of remaining requests grows", ("getUser", "listLikes"), _growing
    ),
    "crash": _protocol("getTag", fail(), "every request crashes"),
    "crash-of-write": _protocol("likeMedia", fail(), "the server crashes after the write"),
    "overload": _protocol("listRequestedBy", fail(status=503), "the server is overloaded forever"),
    "crash-on-word": _protocol(
        "listUserRecentMedia",
        fail(lambda request: not request.query.get("count", "1").lstrip("-").isdigit()),
        "a value that is not a number crashes",
    ),
    "crash-on-zero": _protocol(
        "listFollows", fail(lambda request: request.query.get("count") == "0"), "a count of 0 crashes"
    ),
    "crash-on-missing": _protocol(
        "searchUsers", fail(lambda request: "q" not in request.query), "a missing parameter crashes"
    ),
    "crash-on-unknown": _protocol(
        "listComments",
        fail(lambda request: request.parts[1] not in (SNOW, VIDEO, TOWER)),
        "unknown media crash",
    ),
    "crash-without-token": _protocol(
        "getLocation", fail(lambda request: not request.token), "a request without a token crashes"
    ),
    "token-in-error": _protocol(
        "getRelationship",
        if_rejected(
            change_response(
                lambda request, response: response.with_json(_naming_token(response.json, request.token))
            )
        ),
        "errors repeat the token",
    ),
    "token-in-header": _protocol(
        "getMedia", set_header("x-debug", _repeated_token), "a response header repeats the token"
    ),
    "token-in-cookie": _protocol(
        "listLikes", set_header("set-cookie", _repeated_token), "a cookie repeats the token"
    ),
    "token-in-data": _protocol(
        "getUser",
        change_body(lambda request, body: body["data"].update(bio=request.token)),
        "the data contain the token",
    ),
    "secret-in-data": _protocol(
        "listSubscriptions",
        change_body(lambda request, body: body["data"][0].update(owner=request.query["client_secret"])),
        "the data contain the secret of an app",
    ),
    "granted-in-name": _protocol(
        "getMediaByShortcode", if_rejected(set_status(200)), "errors have the status 200"
    ),
    "refused-in-name": _protocol(
        "listTagRecentMedia", if_accepted(set_status(400)), "successes have the status 400"
    ),
}


def _naming_token(error: Json, token: str) -> Json:
    error.get("meta", error)["error_message"] = f"{token} may not do this"
    return error
