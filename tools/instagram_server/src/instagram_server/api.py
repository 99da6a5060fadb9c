"""The table of the 27 operations, and the routing of requests to them (docs/sources.md, sections 2, 16)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from instagram_server import access, errors, ids, wire
from instagram_server.call import Call, Page, Token
from instagram_server.config import SANDBOX_WRITE_LIMIT, Era
from instagram_server.endpoints import comments, likes, media, places, tags, users
from instagram_server.errors import ApiError
from instagram_server.limits import SlidingHour
from instagram_server.platform import Platform

PREFIX = "/v1"
_IN_PATHS = "/%:@!$&'()*+,;=~"  # characters of a path that need no encoding (RFC 3986, section 3.3)


class Gone(Enum):
    """The first era in which an operation responds that it has been retired."""

    NEW = Era.JUNE_2016  # for apps created since 2015-11-17: in every era
    MOST = Era.APRIL_2018
    PUBLIC = Era.DECEMBER_2018
    BASIC = Era.JUNE_2020


@dataclass(frozen=True, slots=True)
class Operation:
    """``scope`` is required by every request; None if it depends on the owner of the object, and the
    endpoint checks it. ``gone_for_self`` applies to `self` in the path, and to the viewer's own media.
    """

    method: str
    template: str
    handler: Callable[[Call], Any]
    scope: str | None
    gone: Gone
    gone_for_self: Gone | None = None


_M, _U, _T, _L = "/media/{media_id}", "/users/{user_id}", "/tags/{tag_name}", "/locations/{location_id}"
OPERATIONS = (
    Operation("GET", f"{_M}/comments", comments.list_comments, None, Gone.MOST, Gone.PUBLIC),
    Operation("POST", f"{_M}/comments", comments.create_comment, "comments", Gone.MOST),
    Operation(
        "DELETE",
        f"{_M}/comments/{{comment_id}}",
        comments.delete_comment,
        "comments",
        Gone.MOST,
    ),
    Operation(
        "GET", "/geographies/{geo_id}/media/recent", places.list_geography_recent_media, "basic", Gone.NEW
    ),
    Operation("GET", f"{_M}/likes", likes.list_likes, None, Gone.MOST),
    Operation("POST", f"{_M}/likes", likes.like_media, "likes", Gone.MOST),
    Operation("DELETE", f"{_M}/likes", likes.unlike_media, "likes", Gone.MOST),
    Operation("GET", "/locations/search", places.search_locations, "public_content", Gone.PUBLIC),
    Operation("GET", _L, places.get_location, "public_content", Gone.PUBLIC),
    Operation("GET", f"{_L}/media/recent", places.list_location_recent_media, "public_content", Gone.PUBLIC),
    Operation("GET", "/media/popular", media.list_popular_media, "basic", Gone.NEW),
    Operation("GET", "/media/search", places.search_media, "public_content", Gone.PUBLIC),
    Operation("GET", "/media/shortcode/{shortcode}", media.get_media_by_shortcode, None, Gone.MOST),
    Operation("GET", _M, media.get_media, None, Gone.MOST),
    Operation("GET", "/users/self/requested-by", users.list_requested_by, "follower_list", Gone.MOST),
    Operation(
        "GET", f"{_U}/followed-by", users.list_followed_by, "follower_list", Gone.NEW, gone_for_self=Gone.MOST
    ),
    Operation("GET", f"{_U}/follows", users.list_follows, "follower_list", Gone.NEW, gone_for_self=Gone.MOST),
    Operation("GET", f"{_U}/relationship", users.get_relationship, "follower_list", Gone.MOST),
    Operation(
        "POST",
        f"{_U}/relationship",
        users.update_relationship,
        "relationships",
        Gone.MOST,
    ),
    Operation("GET", "/tags/search", tags.search_tags, "public_content", Gone.PUBLIC),
    Operation("GET", _T, tags.get_tag, "public_content", Gone.PUBLIC),
    Operation("GET", f"{_T}/media/recent", tags.list_tag_recent_media, "public_content", Gone.PUBLIC),
    Operation("GET", "/users/search", users.search_users, "basic", Gone.MOST),
    Operation("GET", "/users/self/feed", media.get_feed, "basic", Gone.NEW),
    Operation("GET", "/users/self/media/liked", media.list_liked_media, "basic", Gone.MOST),
    Operation("GET", _U, users.get_user, None, Gone.MOST, Gone.BASIC),
    Operation("GET", f"{_U}/media/recent", media.list_user_recent_media, None, Gone.MOST, Gone.BASIC),
)


class Api:
    """The ASGI application of everything below ``/v1``."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._writes = SlidingHour()
        self._by_length: dict[int, list[tuple[list[str], dict[str, Operation]]]] = {}
        for operation in OPERATIONS:
            self._add(operation)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        path = raw.decode("latin-1").removeprefix(PREFIX)
        route = self._route(path)
        headers = self._platform.budget.untouched()
        if route is None:
            return wire.page_not_found(headers)
        operations, values = route
        callback = None
        try:
            query = wire.query(request)
            parameters = await wire.parameters(request)
            method = parameters.get("_method", "").upper() if request.method == "POST" else ""
            operation = operations.get(method or request.method)
            if operation is None and request.method == "HEAD":
                operation = operations.get("GET")
            if operation is None:
                return wire.method_not_allowed(operations, headers)
            callback = parameters.get("callback") if operation.method == "GET" else None
            url = f"{wire.own_address(request)}{quote(raw, safe=_IN_PATHS)}"
            result = self._result(operation, values, path, parameters, query, url, headers)
        except ApiError as error:
            return wire.respond(error.body, error.status, headers, callback)
        return wire.respond(result, 200, headers, callback)

    def _result(
        self,
        operation: Operation,
        values: dict[str, str],
        path: str,
        parameters: dict[str, str],
        query: dict[str, str],
        url: str,
        headers: dict[str, str],
    ) -> dict[str, Any]:
        """The body of a response; ``headers`` gets the rate limit even if the request is rejected."""
        token = access.authenticate(self._platform, parameters)
        if token.client["signed"]:
            access.check_signature(token.client["secret"], unquote(path), parameters)
        in_sandbox = bool(token.client["sandbox"])
        self._platform.budget.spend(token.text, self._platform.now(), in_sandbox, headers)
        call = Call(self._platform, token, values, parameters, url, query)
        self._require_alive(operation, call)
        if operation.scope is not None:
            call.require(operation.scope)
        if operation.method != "GET":
            if not token.client["approved"] and not token.client["sandbox"]:
                raise errors.client_not_approved()
            self._count_write(token, f"{operation.scope} {token.text}")
        result = operation.handler(call)
        body: dict[str, Any] = {"meta": {"code": 200}}
        if isinstance(result, Page):
            return {"pagination": result.pagination, **body, "data": result.data}
        return body | {"data": result}

    def _add(self, operation: Operation) -> None:
        template = operation.template.split("/")[1:]
        routes = self._by_length.setdefault(len(template), [])
        for segments, methods in routes:
            if segments == template:
                methods[operation.method] = operation
                return
        routes.append((template, {operation.method: operation}))
        routes.sort(key=lambda route: [segment.startswith("{") for segment in route[0]])

    def _route(self, path: str) -> tuple[dict[str, Operation], dict[str, str]] | None:
        """The operations of the matching template, literals first, and the decoded path parameters."""
        segments = path.rstrip("/").split("/")[1:]
        if not segments or not all(segments):
            return None
        if len(segments) == 3 and segments[:2] == ["media", "shortcode"]:  # the only path without .json
            if segments[-1].endswith(".json"):
                return None
        else:
            segments[-1] = segments[-1].removesuffix(".json") or segments[-1]
        decoded = [unquote(segment) for segment in segments]
        for template, operations in self._by_length.get(len(segments), []):
            pairs = list(zip(template, decoded, strict=True))
            if all(part.startswith("{") or part == segment for part, segment in pairs):
                return operations, {part[1:-1]: segment for part, segment in pairs if part.startswith("{")}
        return None

    def _count_write(self, token: Token, budget: str) -> None:
        """Count a write against the hourly limit for its token and scope."""
        made = self._writes.hit(budget, self._platform.now())
        limit = self._platform.settings.write_limit
        if limit is not None and token.client["sandbox"]:
            limit = min(limit, SANDBOX_WRITE_LIMIT)
        if limit is not None and made > limit:
            raise errors.endpoint_limit(made, limit)

    def _require_alive(self, operation: Operation, call: Call) -> None:
        gone = operation.gone
        if operation.gone_for_self is not None and self._is_own(call):
            gone = operation.gone_for_self
        early = gone is Gone.NEW and not call.token.client["legacy"]
        if early or call.era >= gone.value:
            raise errors.retired()

    def _is_own(self, call: Call) -> bool:
        if "user_id" in call.values:
            return call.values["user_id"] == "self"
        number, underscore, owner = call.values.get("media_id", "").partition("_")
        if underscore:
            return owner == str(call.viewer)
        sql = "SELECT 1 FROM media WHERE id = ? AND owner = ?"
        return call.platform.store.row(sql, ids.number(number), call.viewer) is not None
