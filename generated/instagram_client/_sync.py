"""The synchronous client; the other one comes from the same template."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from time import sleep
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NamedTuple,
    NoReturn,
    Protocol,
    Self,
    TypeVar,
    Unpack,
)

import httpx2

from . import _endpoints
from ._endpoints import SERVICE
from ._runtime import oauth, pages
from ._runtime.bounds import accepting, bounded, streamed
from ._runtime.credentials import Vault
from ._runtime.endpoints import (
    Call,
    Endpoint,
    ListCall,
    Server,
    method_of,
    valid_base_url,
)
from ._runtime.errors import MissingCredentialError
from ._runtime.httpx_bridge import is_of_httpx, timeout_of_httpx2
from ._runtime.options import (
    Additions,
    Options,
    RequestOptions,
    checked_retries,
)
from ._runtime.paging import Trail
from ._runtime.responses import (
    RawResponse,
    ResponseInfo,
    ResponseReader,
    SuccessResponse,
    pick,
)
from ._runtime.retries import FAILURES, Attempts, Retries, connection_error
from ._runtime.strict import schemas
from ._runtime.unset import UNSET, Unset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .models import (
        Comment,
        CommentListEnvelope,
        DeleteSubscriptionsObject,
        Embed,
        LikedMediaPageEnvelope,
        Location,
        LocationListEnvelope,
        Media,
        MediaListEnvelope,
        MediaPageEnvelope,
        RedirectToMediaSize,
        Relationship,
        RelationshipAction,
        RelationshipChange,
        Subscription,
        SubscriptionListEnvelope,
        SubscriptionObject,
        Tag,
        TagListEnvelope,
        TagMediaPageEnvelope,
        Token,
        User,
        UserListEnvelope,
        UserPageEnvelope,
        UserShort,
    )

T = TypeVar("T")
E = TypeVar("E")

DEFAULT_TIMEOUT = httpx2.Timeout(30, connect=5)  # seconds


class HTTPClient(Protocol):
    """A client of httpx2, or of httpx."""

    def build_request(self, method: str, url: Any, /) -> Any: ...

    def send(self, request: Any, /) -> Any: ...


class HTTPTransport(Protocol):
    """A transport of httpx2, or of httpx."""

    def handle_request(self, request: Any, /) -> Any: ...


class _Transport(httpx2.BaseTransport):
    """Puts the credentials into a copy of each request, below everything that logs or raises."""

    def __init__(self, inner: httpx2.BaseTransport, vault: Vault) -> None:
        self._inner = inner
        self._vault = vault

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            # In no variable, which a traceback would show: the copy with the credentials.
            response = self._inner.handle_request(accepting(self._vault.authenticate(request)))
        except httpx2.TransportError as error:
            redacted = self._vault.redacted_error(error)
        else:
            return bounded(response)
        raise redacted

    def close(self) -> None:
        self._inner.close()


def _guarded(http: Any, vault: Vault) -> httpx2.Client:
    """A client over the same connections that adds the credentials below; ``http`` itself does not change."""
    if is_of_httpx(http):
        from ._sync_httpx import HttpxClient

        return HttpxClient(http, vault)
    guarded: httpx2.Client = copy.copy(http)
    guarded._transport = _Transport(_transport(http._transport), vault)
    guarded._mounts = {
        pattern: transport and _Transport(_transport(transport), vault)
        for pattern, transport in http._mounts.items()
    }
    return guarded


def _transport(transport: Any) -> httpx2.BaseTransport:
    """The same transport, or one of httpx as one of httpx2."""
    if is_of_httpx(transport):
        from ._sync_httpx import HttpxTransport

        return HttpxTransport(transport)
    own: httpx2.BaseTransport = transport
    return own


class _Core(NamedTuple):
    """Sends calls."""

    http: httpx2.Client
    server: Server
    reader: ResponseReader
    options: Options

    def of_call(self, method: str, options: Mapping[str, Any]) -> _Core:
        """The same with the options of one call."""
        if not options:
            return self
        return self._replace(
            options=self.options.of_call(method, options, self.server.service.places)
        )

    def result(self, call: Call[T]) -> T:
        return self.reader.result(call, self.send(call))

    def page(self, call: ListCall[T, E]) -> Page[T, E]:
        return Page(self, call, self.send(call), pages.start(call))

    def items(self, call: Call[T]) -> Stream[T]:
        return Stream(self, call, self.open(call))

    def raw(self, call: Call[T]) -> RawResponse[T]:
        response = self.send(call)
        return RawResponse(response.response, lambda: self.reader.result(call, response))

    def raw_page(self, call: ListCall[T, E]) -> RawResponse[Page[T, E]]:
        response = self.send(call)
        return RawResponse(response.response, lambda: Page(self, call, response, pages.start(call)))

    def raw_items(self, call: Call[T]) -> RawResponse[Stream[T]]:
        response = self._sent(call)
        self.reader.read(call.endpoint, response)
        return RawResponse(response, lambda: Stream(self, call, response))

    @contextmanager
    def streaming(self, call: Call[T]) -> Iterator[StreamingResponse[T]]:
        response = self.open(call)

        def parse() -> T:
            return self.reader.result(call, self.read(call, response))

        try:
            yield StreamingResponse(call.endpoint, response, parse)
        finally:
            response.close()

    @contextmanager
    def streaming_page(self, call: ListCall[T, E]) -> Iterator[StreamingResponse[Page[T, E]]]:
        response = self.open(call)

        def parse() -> Page[T, E]:
            return Page(self, call, self.read(call, response), pages.start(call))

        try:
            yield StreamingResponse(call.endpoint, response, parse)
        finally:
            response.close()

    @contextmanager
    def streaming_items(self, call: Call[T]) -> Iterator[StreamingResponse[Stream[T]]]:
        response = self.open(call)

        def parse() -> Stream[T]:
            return Stream(self, call, response)

        try:
            yield StreamingResponse(call.endpoint, response, parse)
        finally:
            response.close()

    def send(self, call: Call[Any]) -> SuccessResponse:
        return self.reader.read(call.endpoint, self._sent(call))

    def open(self, call: Call[Any]) -> httpx2.Response:
        """The response, whose body is not read yet unless it is an error."""
        response = self._sent(call, stream=True)
        if self.reader.is_error(call.endpoint, response):
            self.read(call, response)
        return response

    def read(self, call: Call[Any], response: httpx2.Response) -> SuccessResponse:
        """An open response, read."""
        try:
            response.read()
        except FAILURES as error:
            raise connection_error(call.endpoint, error) from error
        return self.reader.read(call.endpoint, response)

    def _sent(self, call: Call[Any], *, stream: bool = False) -> httpx2.Response:
        endpoint, options = call.endpoint, self.options
        message, is_harmless = self.server.prepared(call, options)
        retries = Retries(endpoint, options.max_retries, message.is_repeatable, is_harmless)

        def build() -> httpx2.Request:
            return self.server.request(endpoint, message, self.http, options)

        return self._response(retries.attempts(build), stream)

    def _response(self, attempts: Attempts, stream: bool) -> httpx2.Response:
        try:
            step = next(attempts)
            while True:
                if not isinstance(step, httpx2.Request):
                    sleep(step)
                    step = next(attempts)
                    continue
                try:
                    response = self.http.send(step, stream=stream, follow_redirects=False)
                except FAILURES as error:
                    step = attempts.throw(error)
                else:
                    step = attempts.send(response)
                    response.close()
        except StopIteration as end:
            final: httpx2.Response = end.value
            return final


class StreamingResponse(ResponseInfo, Generic[T]):
    """A response whose body is not read yet; it can be read once, in one of these ways."""

    __slots__ = ("_endpoint", "_parse")

    def __init__(
        self, endpoint: Endpoint, http_response: httpx2.Response, parse: Callable[[], T]
    ) -> None:
        super().__init__(http_response)
        self._endpoint = endpoint
        self._parse = parse

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body in pieces, as they arrive or of a size; decompressed."""
        return self._each(streamed(self.http_response).iter_bytes(chunk_size))

    def iter_text(self) -> Iterator[str]:
        """The same as text, in the charset that the response names."""
        return self._each(streamed(self.http_response).iter_text())

    def iter_lines(self) -> Iterator[str]:
        """The lines of the text, without their ends."""
        return self._each(streamed(self.http_response).iter_lines())

    def read(self) -> bytes:
        """The whole body, decompressed."""
        try:
            return self.http_response.read()
        except FAILURES as error:
            raise connection_error(self._endpoint, error) from error

    def write_to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the body to a file, which appears once it is complete."""
        from ._runtime.downloads import replacing

        with replacing(path) as file:
            for part in self.iter_bytes():
                file.write(part)

    def parse(self) -> T:
        """What the plain method returns."""
        return self._parse()

    def _each(self, parts: Iterator[E]) -> Iterator[E]:
        try:
            for part in parts:
                yield part
        except FAILURES as error:
            raise connection_error(self._endpoint, error) from error

    def __repr__(self) -> str:
        return f"<StreamingResponse {self.status_code}>"


class Stream(Generic[T]):
    """The items of a response as they arrive. Its end closes it; so do ``close()`` and the end of a ``with`` block."""

    def __init__(self, core: _Core, call: Call[Any], http_response: httpx2.Response) -> None:
        self.http_response = http_response
        self._endpoint = call.endpoint
        self._reader = core.reader.items(call, http_response)
        self._items: Generator[T, None, None] = self._arriving()

    def __iter__(self) -> Iterator[T]:
        return self._items

    def __next__(self) -> T:
        return self._items.__next__()

    def _arriving(self) -> Generator[T, None, None]:
        try:
            for part in streamed(self.http_response).iter_bytes():
                for item in self._reader.feed(part):
                    yield item
                if self._reader.is_done:
                    return
            for item in self._reader.end():
                yield item
        except FAILURES as error:
            raise connection_error(self._endpoint, error) from error
        finally:
            self.http_response.close()

    def close(self) -> None:
        """Close the connection; what has not arrived is lost."""
        self._items.close()
        self.http_response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Page(Generic[T, E]):
    """One page of a list. Iterating over it continues with the items of all further pages.

    ``data`` holds the items of this page, ``envelope`` the whole body of the response.
    """

    def __init__(
        self, core: _Core, call: ListCall[T, E], response: SuccessResponse, trail: Trail
    ) -> None:
        self._core = core
        self._call = call
        self._response = response
        self._trail = trail
        self.envelope: E = core.reader.envelope(call, response)
        self.data: list[T] = pick(self.envelope, call.endpoint.payload) or []

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            for item in page.data:
                yield item

    def pages(self) -> Iterator[Page[T, E]]:
        """This page and all further ones; each is requested when it is reached."""
        page = self
        yield page
        while page.has_next_page():
            page = page.next_page()
            yield page

    def has_next_page(self) -> bool:
        """Whether the response names a further page."""
        return pages.has_next(self._call, self._response, len(self.data))

    def next_page(self) -> Page[T, E]:
        """The page after this one.

        Raises PaginationError when there is none, or when the server returned it before.
        """
        vault, count = self._core.server.vault, len(self.data)
        call, trail = pages.following(self._call, vault, self._response, count, self._trail)
        return Page(self._core, call, self._core.send(call), trail)

    def __repr__(self) -> str:
        is_walked = self._call.endpoint.next_page is not None
        place = f", {'not ' * self.has_next_page()}the last" if is_walked else ""
        return f"<Page with {len(self.data)} items{place}>"


class CommentsResource:
    """Manage comments."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> CommentsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return CommentsResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> CommentsResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return CommentsResourceWithStreamingResponse(self._core)

    def create(
        self, media_id: str, *, text: str, **options: Unpack[RequestOptions]
    ) -> Comment | None:
        """Comment on a media object.

        The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1
        URL, and not all in capital letters. A text that violates one is rejected with 400, and
        nothing is stored.

        The fields travel in a form body, the token among them; the server also accepts them in
        the query string.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
            text: The text of a comment to post.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Comment | None] = Call(
            _endpoints.COMMENTS_CREATE, {"media_id": media_id, "text": text}
        )
        return self._core.of_call("create", options).result(call)

    def delete(self, media_id: str, comment_id: str, **options: Unpack[RequestOptions]) -> None:
        """Remove a comment.

        Only its author and the owner of the media object may remove a comment.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
            comment_id: The id of a comment.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[None] = Call(
            _endpoints.COMMENTS_DELETE, {"media_id": media_id, "comment_id": comment_id}
        )
        return self._core.of_call("delete", options).result(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> Page[Comment, CommentListEnvelope]:
        """List the newest comments on a media object.

        There are no pages: the response has at most the newest 150 comments, oldest first.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Comment, CommentListEnvelope] = ListCall(
            _endpoints.COMMENTS_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).page(call)


class CommentsResourceWithRawResponse:
    """The methods of CommentsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(
        self, media_id: str, *, text: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[Comment | None]:
        """Comment on a media object."""
        call: Call[Comment | None] = Call(
            _endpoints.COMMENTS_CREATE, {"media_id": media_id, "text": text}
        )
        return self._core.of_call("create", options).raw(call)

    def delete(
        self, media_id: str, comment_id: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[None]:
        """Remove a comment."""
        call: Call[None] = Call(
            _endpoints.COMMENTS_DELETE, {"media_id": media_id, "comment_id": comment_id}
        )
        return self._core.of_call("delete", options).raw(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[Comment, CommentListEnvelope]]:
        """List the newest comments on a media object."""
        call: ListCall[Comment, CommentListEnvelope] = ListCall(
            _endpoints.COMMENTS_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).raw_page(call)


class CommentsResourceWithStreamingResponse:
    """The methods of CommentsResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(
        self, media_id: str, *, text: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Comment | None]]:
        """Comment on a media object."""
        call: Call[Comment | None] = Call(
            _endpoints.COMMENTS_CREATE, {"media_id": media_id, "text": text}
        )
        return self._core.of_call("create", options).streaming(call)

    def delete(
        self, media_id: str, comment_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[None]]:
        """Remove a comment."""
        call: Call[None] = Call(
            _endpoints.COMMENTS_DELETE, {"media_id": media_id, "comment_id": comment_id}
        )
        return self._core.of_call("delete", options).streaming(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[Comment, CommentListEnvelope]]]:
        """List the newest comments on a media object."""
        call: ListCall[Comment, CommentListEnvelope] = ListCall(
            _endpoints.COMMENTS_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).streaming_page(call)


class GeographiesResource:
    """Media near a place that a subscription defined."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> GeographiesResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return GeographiesResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> GeographiesResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return GeographiesResourceWithStreamingResponse(self._core)

    def recent_media(
        self,
        geo_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, MediaPageEnvelope]:
        """List recent media from a geography subscription of your own.

        The id is the `object_id` of a subscription with `object=geography`, and only the app
        that created it can read it. Withdrawn on 2015-11-17 for new apps.

        Args:
            geo_id: The object_id of a geography subscription.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            {"geo_id": geo_id, "count": count, "min_id": min_id},
        )
        return self._core.of_call("recent_media", options).page(call)


class GeographiesResourceWithRawResponse:
    """The methods of GeographiesResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def recent_media(
        self,
        geo_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List recent media from a geography subscription of your own."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            {"geo_id": geo_id, "count": count, "min_id": min_id},
        )
        return self._core.of_call("recent_media", options).raw_page(call)


class GeographiesResourceWithStreamingResponse:
    """The methods of GeographiesResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def recent_media(
        self,
        geo_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaPageEnvelope]]]:
        """List recent media from a geography subscription of your own."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            {"geo_id": geo_id, "count": count, "min_id": min_id},
        )
        return self._core.of_call("recent_media", options).streaming_page(call)


class LikesResource:
    """Manage likes."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> LikesResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return LikesResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> LikesResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return LikesResourceWithStreamingResponse(self._core)

    def create(self, media_id: str, **options: Unpack[RequestOptions]) -> None:
        """Like a media object as the owner of the token.

        The token may travel as a form field.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[None] = Call(_endpoints.LIKES_CREATE, {"media_id": media_id})
        return self._core.of_call("create", options).result(call)

    def delete(self, media_id: str, **options: Unpack[RequestOptions]) -> None:
        """Take back a like.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[None] = Call(_endpoints.LIKES_DELETE, {"media_id": media_id})
        return self._core.of_call("delete", options).result(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> Page[UserShort, UserListEnvelope]:
        """List users who like a media object.

        There are no pages; the response is one slice of at most 120 users.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.LIKES_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).page(call)


class LikesResourceWithRawResponse:
    """The methods of LikesResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(self, media_id: str, **options: Unpack[RequestOptions]) -> RawResponse[None]:
        """Like a media object as the owner of the token."""
        call: Call[None] = Call(_endpoints.LIKES_CREATE, {"media_id": media_id})
        return self._core.of_call("create", options).raw(call)

    def delete(self, media_id: str, **options: Unpack[RequestOptions]) -> RawResponse[None]:
        """Take back a like."""
        call: Call[None] = Call(_endpoints.LIKES_DELETE, {"media_id": media_id})
        return self._core.of_call("delete", options).raw(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """List users who like a media object."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.LIKES_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).raw_page(call)


class LikesResourceWithStreamingResponse:
    """The methods of LikesResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[None]]:
        """Like a media object as the owner of the token."""
        call: Call[None] = Call(_endpoints.LIKES_CREATE, {"media_id": media_id})
        return self._core.of_call("create", options).streaming(call)

    def delete(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[None]]:
        """Take back a like."""
        call: Call[None] = Call(_endpoints.LIKES_DELETE, {"media_id": media_id})
        return self._core.of_call("delete", options).streaming(call)

    def list(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[UserShort, UserListEnvelope]]]:
        """List users who like a media object."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.LIKES_LIST, {"media_id": media_id}
        )
        return self._core.of_call("list", options).streaming_page(call)


class LocationsResource:
    """Get information about locations."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> LocationsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return LocationsResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> LocationsResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return LocationsResourceWithStreamingResponse(self._core)

    def search(
        self,
        *,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        distance: int | Unset = UNSET,
        facebook_places_id: str | Unset = UNSET,
        foursquare_v2_id: str | Unset = UNSET,
        foursquare_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Location, LocationListEnvelope]:
        """Find locations near a point, or by an id of another service.

        One of these must be given: `lat` together with `lng`, `facebook_places_id`,
        `foursquare_v2_id`, or the deprecated `foursquare_id`. At most 20 locations come back.

        Args:
            lat: Latitude of the centre in degrees. Requires lng.
            lng: Longitude of the centre in degrees. Requires lat.
            distance: Radius in metres; 1000 when absent.
            facebook_places_id: The id of a Facebook place.
            foursquare_v2_id: The id of a Foursquare venue (their v2).
            foursquare_id: The id of a Foursquare venue (their v1). Use foursquare_v2_id.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Location, LocationListEnvelope] = ListCall(
            _endpoints.LOCATIONS_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "distance": distance,
                "facebook_places_id": facebook_places_id,
                "foursquare_v2_id": foursquare_v2_id,
                "foursquare_id": foursquare_id,
            },
        )
        return self._core.of_call("search", options).page(call)

    def get(self, location_id: str, **options: Unpack[RequestOptions]) -> Location:
        """Get a location.

        Args:
            location_id: The id of a location.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Location] = Call(_endpoints.LOCATIONS_GET, {"location_id": location_id})
        return self._core.of_call("get", options).result(call)

    def recent_media(
        self,
        location_id: str,
        *,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, MediaPageEnvelope]:
        """List recent media from a location.

        Args:
            location_id: The id of a location.
            min_timestamp: Only media later than this time in UNIX seconds.
            max_timestamp: Only media earlier than this time in UNIX seconds.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.LOCATIONS_RECENT_MEDIA,
            {
                "location_id": location_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "min_id": min_id,
                "max_id": max_id,
            },
        )
        return self._core.of_call("recent_media", options).page(call)


class LocationsResourceWithRawResponse:
    """The methods of LocationsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self,
        *,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        distance: int | Unset = UNSET,
        facebook_places_id: str | Unset = UNSET,
        foursquare_v2_id: str | Unset = UNSET,
        foursquare_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Location, LocationListEnvelope]]:
        """Find locations near a point, or by an id of another service."""
        call: ListCall[Location, LocationListEnvelope] = ListCall(
            _endpoints.LOCATIONS_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "distance": distance,
                "facebook_places_id": facebook_places_id,
                "foursquare_v2_id": foursquare_v2_id,
                "foursquare_id": foursquare_id,
            },
        )
        return self._core.of_call("search", options).raw_page(call)

    def get(self, location_id: str, **options: Unpack[RequestOptions]) -> RawResponse[Location]:
        """Get a location."""
        call: Call[Location] = Call(_endpoints.LOCATIONS_GET, {"location_id": location_id})
        return self._core.of_call("get", options).raw(call)

    def recent_media(
        self,
        location_id: str,
        *,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List recent media from a location."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.LOCATIONS_RECENT_MEDIA,
            {
                "location_id": location_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "min_id": min_id,
                "max_id": max_id,
            },
        )
        return self._core.of_call("recent_media", options).raw_page(call)


class LocationsResourceWithStreamingResponse:
    """The methods of LocationsResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self,
        *,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        distance: int | Unset = UNSET,
        facebook_places_id: str | Unset = UNSET,
        foursquare_v2_id: str | Unset = UNSET,
        foursquare_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Location, LocationListEnvelope]]]:
        """Find locations near a point, or by an id of another service."""
        call: ListCall[Location, LocationListEnvelope] = ListCall(
            _endpoints.LOCATIONS_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "distance": distance,
                "facebook_places_id": facebook_places_id,
                "foursquare_v2_id": foursquare_v2_id,
                "foursquare_id": foursquare_id,
            },
        )
        return self._core.of_call("search", options).streaming_page(call)

    def get(
        self, location_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Location]]:
        """Get a location."""
        call: Call[Location] = Call(_endpoints.LOCATIONS_GET, {"location_id": location_id})
        return self._core.of_call("get", options).streaming(call)

    def recent_media(
        self,
        location_id: str,
        *,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaPageEnvelope]]]:
        """List recent media from a location."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.LOCATIONS_RECENT_MEDIA,
            {
                "location_id": location_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "min_id": min_id,
                "max_id": max_id,
            },
        )
        return self._core.of_call("recent_media", options).streaming_page(call)


class MediaResource:
    """Get information about media."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> MediaResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return MediaResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> MediaResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return MediaResourceWithStreamingResponse(self._core)

    def popular(self, **options: Unpack[RequestOptions]) -> Page[Media, MediaListEnvelope]:
        """List media that are popular at the moment.

        In no particular order. Withdrawn on 2015-11-17 for new apps.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaListEnvelope] = ListCall(_endpoints.MEDIA_POPULAR, {})
        return self._core.of_call("popular", options).page(call)

    def search(
        self,
        *,
        lat: float,
        lng: float,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        distance: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, MediaListEnvelope]:
        """Find media near a point.

        Without timestamps the last 5 days are searched; the span must not exceed 7 days. Each
        item carries its `distance` from the point.

        Args:
            lat: Latitude of the centre in degrees.
            lng: Longitude of the centre in degrees.
            min_timestamp: Only media later than this time in UNIX seconds.
            max_timestamp: Only media earlier than this time in UNIX seconds.
            distance: Radius in metres; 1000 when absent.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaListEnvelope] = ListCall(
            _endpoints.MEDIA_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "distance": distance,
            },
        )
        return self._core.of_call("search", options).page(call)

    def get_by_shortcode(self, shortcode: str, **options: Unpack[RequestOptions]) -> Media:
        """Get a media object by the code in its link.

        The response is the same as for the id. The suffix `.json` does not work here.

        Args:
            shortcode: The code in the link of a media object: its id in base 64.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Media] = Call(_endpoints.MEDIA_GET_BY_SHORTCODE, {"shortcode": shortcode})
        return self._core.of_call("get_by_shortcode", options).result(call)

    def get(self, media_id: str, **options: Unpack[RequestOptions]) -> Media:
        """Get a media object.

        The field `type` distinguishes images and videos.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Media] = Call(_endpoints.MEDIA_GET, {"media_id": media_id})
        return self._core.of_call("get", options).result(call)


class MediaResourceWithRawResponse:
    """The methods of MediaResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def popular(
        self, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[Media, MediaListEnvelope]]:
        """List media that are popular at the moment."""
        call: ListCall[Media, MediaListEnvelope] = ListCall(_endpoints.MEDIA_POPULAR, {})
        return self._core.of_call("popular", options).raw_page(call)

    def search(
        self,
        *,
        lat: float,
        lng: float,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        distance: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, MediaListEnvelope]]:
        """Find media near a point."""
        call: ListCall[Media, MediaListEnvelope] = ListCall(
            _endpoints.MEDIA_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "distance": distance,
            },
        )
        return self._core.of_call("search", options).raw_page(call)

    def get_by_shortcode(
        self, shortcode: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[Media]:
        """Get a media object by the code in its link."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET_BY_SHORTCODE, {"shortcode": shortcode})
        return self._core.of_call("get_by_shortcode", options).raw(call)

    def get(self, media_id: str, **options: Unpack[RequestOptions]) -> RawResponse[Media]:
        """Get a media object."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET, {"media_id": media_id})
        return self._core.of_call("get", options).raw(call)


class MediaResourceWithStreamingResponse:
    """The methods of MediaResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def popular(
        self, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaListEnvelope]]]:
        """List media that are popular at the moment."""
        call: ListCall[Media, MediaListEnvelope] = ListCall(_endpoints.MEDIA_POPULAR, {})
        return self._core.of_call("popular", options).streaming_page(call)

    def search(
        self,
        *,
        lat: float,
        lng: float,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        distance: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaListEnvelope]]]:
        """Find media near a point."""
        call: ListCall[Media, MediaListEnvelope] = ListCall(
            _endpoints.MEDIA_SEARCH,
            {
                "lat": lat,
                "lng": lng,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
                "distance": distance,
            },
        )
        return self._core.of_call("search", options).streaming_page(call)

    def get_by_shortcode(
        self, shortcode: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Media]]:
        """Get a media object by the code in its link."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET_BY_SHORTCODE, {"shortcode": shortcode})
        return self._core.of_call("get_by_shortcode", options).streaming(call)

    def get(
        self, media_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Media]]:
        """Get a media object."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET, {"media_id": media_id})
        return self._core.of_call("get", options).streaming(call)


class RelationshipsResource:
    """Relationships to other users, outgoing and incoming."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> RelationshipsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return RelationshipsResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> RelationshipsResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return RelationshipsResourceWithStreamingResponse(self._core)

    def requested_by(self, **options: Unpack[RequestOptions]) -> Page[UserShort, UserListEnvelope]:
        """List users who have requested to follow the owner of the token.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_REQUESTED_BY, {}
        )
        return self._core.of_call("requested_by", options).page(call)

    def followed_by(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[UserShort, UserPageEnvelope]:
        """List the followers of a user.

        Apps created on or after 2015-11-17 may request `self` only.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            cursor: The next_cursor of the page before.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            {"user_id": user_id, "count": count, "cursor": cursor},
        )
        return self._core.of_call("followed_by", options).page(call)

    def follows(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[UserShort, UserPageEnvelope]:
        """List the users whom a user follows.

        Apps created on or after 2015-11-17 may request `self` only.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            cursor: The next_cursor of the page before.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWS, {"user_id": user_id, "count": count, "cursor": cursor}
        )
        return self._core.of_call("follows", options).page(call)

    def get(self, user_id: str, **options: Unpack[RequestOptions]) -> Relationship:
        """Get the relationship to another user.

        Args:
            user_id: The id of the other user.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Relationship] = Call(_endpoints.RELATIONSHIPS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).result(call)

    def update(
        self, user_id: str, *, action: RelationshipAction, **options: Unpack[RequestOptions]
    ) -> RelationshipChange:
        """Change the relationship to another user.

        Following a private account gives `requested`, following a public one `follows`.
        `approve` and `ignore` respond to a request of the other user.

        The field travels in a form body, beside the token; the server also accepts them in the
        query string.

        Args:
            user_id: The id of the other user.
            action: What to do; `approve` and `ignore` respond to a request of the other user.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[RelationshipChange] = Call(
            _endpoints.RELATIONSHIPS_UPDATE, {"user_id": user_id, "action": action}
        )
        return self._core.of_call("update", options).result(call)


class RelationshipsResourceWithRawResponse:
    """The methods of RelationshipsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def requested_by(
        self, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """List users who have requested to follow the owner of the token."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_REQUESTED_BY, {}
        )
        return self._core.of_call("requested_by", options).raw_page(call)

    def followed_by(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[UserShort, UserPageEnvelope]]:
        """List the followers of a user."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            {"user_id": user_id, "count": count, "cursor": cursor},
        )
        return self._core.of_call("followed_by", options).raw_page(call)

    def follows(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[UserShort, UserPageEnvelope]]:
        """List the users whom a user follows."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWS, {"user_id": user_id, "count": count, "cursor": cursor}
        )
        return self._core.of_call("follows", options).raw_page(call)

    def get(self, user_id: str, **options: Unpack[RequestOptions]) -> RawResponse[Relationship]:
        """Get the relationship to another user."""
        call: Call[Relationship] = Call(_endpoints.RELATIONSHIPS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).raw(call)

    def update(
        self, user_id: str, *, action: RelationshipAction, **options: Unpack[RequestOptions]
    ) -> RawResponse[RelationshipChange]:
        """Change the relationship to another user."""
        call: Call[RelationshipChange] = Call(
            _endpoints.RELATIONSHIPS_UPDATE, {"user_id": user_id, "action": action}
        )
        return self._core.of_call("update", options).raw(call)


class RelationshipsResourceWithStreamingResponse:
    """The methods of RelationshipsResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def requested_by(
        self, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[UserShort, UserListEnvelope]]]:
        """List users who have requested to follow the owner of the token."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_REQUESTED_BY, {}
        )
        return self._core.of_call("requested_by", options).streaming_page(call)

    def followed_by(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[UserShort, UserPageEnvelope]]]:
        """List the followers of a user."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            {"user_id": user_id, "count": count, "cursor": cursor},
        )
        return self._core.of_call("followed_by", options).streaming_page(call)

    def follows(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        cursor: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[UserShort, UserPageEnvelope]]]:
        """List the users whom a user follows."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWS, {"user_id": user_id, "count": count, "cursor": cursor}
        )
        return self._core.of_call("follows", options).streaming_page(call)

    def get(
        self, user_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Relationship]]:
        """Get the relationship to another user."""
        call: Call[Relationship] = Call(_endpoints.RELATIONSHIPS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).streaming(call)

    def update(
        self, user_id: str, *, action: RelationshipAction, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[RelationshipChange]]:
        """Change the relationship to another user."""
        call: Call[RelationshipChange] = Call(
            _endpoints.RELATIONSHIPS_UPDATE, {"user_id": user_id, "action": action}
        )
        return self._core.of_call("update", options).streaming(call)


class TagsResource:
    """Get information about tags."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> TagsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return TagsResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> TagsResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return TagsResourceWithStreamingResponse(self._core)

    def search(self, *, q: str, **options: Unpack[RequestOptions]) -> Page[Tag, TagListEnvelope]:
        """Find tags by the beginning of their name.

        At most 50 tags, the exact name first, then by `media_count`, largest first.

        Args:
            q: A tag name or its beginning, without the leading \\#.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Tag, TagListEnvelope] = ListCall(_endpoints.TAGS_SEARCH, {"q": q})
        return self._core.of_call("search", options).page(call)

    def get(self, tag_name: str, **options: Unpack[RequestOptions]) -> Tag:
        """Get a tag.

        Args:
            tag_name: The name of a tag without the leading \\#.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Tag] = Call(_endpoints.TAGS_GET, {"tag_name": tag_name})
        return self._core.of_call("get", options).result(call)

    def recent_media(
        self,
        tag_name: str,
        *,
        count: int | Unset = UNSET,
        min_tag_id: str | Unset = UNSET,
        max_tag_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, TagMediaPageEnvelope]:
        """List recently tagged media.

        Ordered by when the tag was attached, newest first: a tag that a later comment added
        moves the item up. Page with `max_tag_id`; poll for new media with `min_tag_id`.

        Args:
            tag_name: The name of a tag without the leading \\#.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_tag_id: Only media tagged later than this cursor.
            max_tag_id: Only media tagged earlier than this cursor.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, TagMediaPageEnvelope] = ListCall(
            _endpoints.TAGS_RECENT_MEDIA,
            {
                "tag_name": tag_name,
                "count": count,
                "min_tag_id": min_tag_id,
                "max_tag_id": max_tag_id,
            },
        )
        return self._core.of_call("recent_media", options).page(call)


class TagsResourceWithRawResponse:
    """The methods of TagsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self, *, q: str, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[Tag, TagListEnvelope]]:
        """Find tags by the beginning of their name."""
        call: ListCall[Tag, TagListEnvelope] = ListCall(_endpoints.TAGS_SEARCH, {"q": q})
        return self._core.of_call("search", options).raw_page(call)

    def get(self, tag_name: str, **options: Unpack[RequestOptions]) -> RawResponse[Tag]:
        """Get a tag."""
        call: Call[Tag] = Call(_endpoints.TAGS_GET, {"tag_name": tag_name})
        return self._core.of_call("get", options).raw(call)

    def recent_media(
        self,
        tag_name: str,
        *,
        count: int | Unset = UNSET,
        min_tag_id: str | Unset = UNSET,
        max_tag_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, TagMediaPageEnvelope]]:
        """List recently tagged media."""
        call: ListCall[Media, TagMediaPageEnvelope] = ListCall(
            _endpoints.TAGS_RECENT_MEDIA,
            {
                "tag_name": tag_name,
                "count": count,
                "min_tag_id": min_tag_id,
                "max_tag_id": max_tag_id,
            },
        )
        return self._core.of_call("recent_media", options).raw_page(call)


class TagsResourceWithStreamingResponse:
    """The methods of TagsResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self, *, q: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[Tag, TagListEnvelope]]]:
        """Find tags by the beginning of their name."""
        call: ListCall[Tag, TagListEnvelope] = ListCall(_endpoints.TAGS_SEARCH, {"q": q})
        return self._core.of_call("search", options).streaming_page(call)

    def get(
        self, tag_name: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Tag]]:
        """Get a tag."""
        call: Call[Tag] = Call(_endpoints.TAGS_GET, {"tag_name": tag_name})
        return self._core.of_call("get", options).streaming(call)

    def recent_media(
        self,
        tag_name: str,
        *,
        count: int | Unset = UNSET,
        min_tag_id: str | Unset = UNSET,
        max_tag_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, TagMediaPageEnvelope]]]:
        """List recently tagged media."""
        call: ListCall[Media, TagMediaPageEnvelope] = ListCall(
            _endpoints.TAGS_RECENT_MEDIA,
            {
                "tag_name": tag_name,
                "count": count,
                "min_tag_id": min_tag_id,
                "max_tag_id": max_tag_id,
            },
        )
        return self._core.of_call("recent_media", options).streaming_page(call)


class UsersResource:
    """Get information about users."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> UsersResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return UsersResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> UsersResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return UsersResourceWithStreamingResponse(self._core)

    def search(
        self, *, q: str, count: int | Unset = UNSET, **options: Unpack[RequestOptions]
    ) -> Page[UserShort, UserListEnvelope]:
        """Find users by name.

        Args:
            q: A name or its beginning.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.USERS_SEARCH, {"q": q, "count": count}
        )
        return self._core.of_call("search", options).page(call)

    def feed(
        self,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, MediaPageEnvelope]:
        """List media of the users whom the owner of the token follows.

        A page may be shorter than `count` and still have a next one. Withdrawn on 2015-11-17
        for new apps.

        Args:
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_FEED, {"count": count, "min_id": min_id, "max_id": max_id}
        )
        return self._core.of_call("feed", options).page(call)

    def liked_media(
        self,
        *,
        count: int | Unset = UNSET,
        max_like_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, LikedMediaPageEnvelope]:
        """List media that the owner of the token likes.

        In the order of liking, newest first. Media of private users is included while the owner
        of the token may see it.

        Args:
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            max_like_id: Only media liked earlier than this cursor.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, LikedMediaPageEnvelope] = ListCall(
            _endpoints.USERS_LIKED_MEDIA, {"count": count, "max_like_id": max_like_id}
        )
        return self._core.of_call("liked_media", options).page(call)

    def get(self, user_id: str, **options: Unpack[RequestOptions]) -> User:
        """Get a user.

        The reference documents 404 for an unknown id; the service responded with 400 and
        `APINotFoundError`.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            NotFoundError: There is no such user. Documented, though the service responded with
                400.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[User] = Call(_endpoints.USERS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).result(call)

    def recent_media(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Page[Media, MediaPageEnvelope]:
        """List the newest media of a user.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.
            min_timestamp: Only media later than this time in UNIX seconds.
            max_timestamp: Only media earlier than this time in UNIX seconds.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_RECENT_MEDIA,
            {
                "user_id": user_id,
                "count": count,
                "min_id": min_id,
                "max_id": max_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
            },
        )
        return self._core.of_call("recent_media", options).page(call)


class UsersResourceWithRawResponse:
    """The methods of UsersResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self, *, q: str, count: int | Unset = UNSET, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """Find users by name."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.USERS_SEARCH, {"q": q, "count": count}
        )
        return self._core.of_call("search", options).raw_page(call)

    def feed(
        self,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List media of the users whom the owner of the token follows."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_FEED, {"count": count, "min_id": min_id, "max_id": max_id}
        )
        return self._core.of_call("feed", options).raw_page(call)

    def liked_media(
        self,
        *,
        count: int | Unset = UNSET,
        max_like_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, LikedMediaPageEnvelope]]:
        """List media that the owner of the token likes."""
        call: ListCall[Media, LikedMediaPageEnvelope] = ListCall(
            _endpoints.USERS_LIKED_MEDIA, {"count": count, "max_like_id": max_like_id}
        )
        return self._core.of_call("liked_media", options).raw_page(call)

    def get(self, user_id: str, **options: Unpack[RequestOptions]) -> RawResponse[User]:
        """Get a user."""
        call: Call[User] = Call(_endpoints.USERS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).raw(call)

    def recent_media(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List the newest media of a user."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_RECENT_MEDIA,
            {
                "user_id": user_id,
                "count": count,
                "min_id": min_id,
                "max_id": max_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
            },
        )
        return self._core.of_call("recent_media", options).raw_page(call)


class UsersResourceWithStreamingResponse:
    """The methods of UsersResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self, *, q: str, count: int | Unset = UNSET, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[UserShort, UserListEnvelope]]]:
        """Find users by name."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.USERS_SEARCH, {"q": q, "count": count}
        )
        return self._core.of_call("search", options).streaming_page(call)

    def feed(
        self,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaPageEnvelope]]]:
        """List media of the users whom the owner of the token follows."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_FEED, {"count": count, "min_id": min_id, "max_id": max_id}
        )
        return self._core.of_call("feed", options).streaming_page(call)

    def liked_media(
        self,
        *,
        count: int | Unset = UNSET,
        max_like_id: str | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, LikedMediaPageEnvelope]]]:
        """List media that the owner of the token likes."""
        call: ListCall[Media, LikedMediaPageEnvelope] = ListCall(
            _endpoints.USERS_LIKED_MEDIA, {"count": count, "max_like_id": max_like_id}
        )
        return self._core.of_call("liked_media", options).streaming_page(call)

    def get(
        self, user_id: str, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[User]]:
        """Get a user."""
        call: Call[User] = Call(_endpoints.USERS_GET, {"user_id": user_id})
        return self._core.of_call("get", options).streaming(call)

    def recent_media(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Page[Media, MediaPageEnvelope]]]:
        """List the newest media of a user."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_RECENT_MEDIA,
            {
                "user_id": user_id,
                "count": count,
                "min_id": min_id,
                "max_id": max_id,
                "min_timestamp": min_timestamp,
                "max_timestamp": max_timestamp,
            },
        )
        return self._core.of_call("recent_media", options).streaming_page(call)


class SubscriptionsResource:
    """Addition: real-time updates."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> SubscriptionsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return SubscriptionsResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> SubscriptionsResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return SubscriptionsResourceWithStreamingResponse(self._core)

    def create(
        self,
        *,
        object: SubscriptionObject,
        callback_url: str,
        aspect: Literal["media"] = "media",
        verify_token: str | Unset = UNSET,
        object_id: str | Unset = UNSET,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        radius: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Subscription:
        """Subscribe to changes (addition).

        While this request is open the server calls `callback_url` with `hub.mode=subscribe`,
        `hub.challenge` and `hub.verify_token`; the response must be the challenge and nothing
        else. Apps created on or after 2015-11-17 may subscribe to `user` only.

        Args:
            aspect: Always media.
            verify_token: Sent back when the callback is verified.
            callback_url: Where changes are sent.
            object_id: The name of a tag or the id of a location.
            lat: Latitude of the centre of a geography.
            lng: Longitude of the centre of a geography.
            radius: Radius of a geography in metres.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[Subscription] = Call(
            _endpoints.SUBSCRIPTIONS_CREATE,
            {
                "object": object,
                "aspect": aspect,
                "verify_token": verify_token,
                "callback_url": callback_url,
                "object_id": object_id,
                "lat": lat,
                "lng": lng,
                "radius": radius,
            },
        )
        return self._core.of_call("create", options).result(call)

    def delete(
        self,
        *,
        id: str | Unset = UNSET,
        object: DeleteSubscriptionsObject | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Remove subscriptions (addition).

        By `id`, or all of one kind by `object`.

        Args:
            id: The subscription to remove.
            object: The kind of subscriptions to remove.

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: Call[None] = Call(_endpoints.SUBSCRIPTIONS_DELETE, {"id": id, "object": object})
        return self._core.of_call("delete", options).result(call)

    def list(
        self, **options: Unpack[RequestOptions]
    ) -> Page[Subscription, SubscriptionListEnvelope]:
        """List the subscriptions of an app (addition).

        Raises:
            BadRequestError: Rejected. This status stands for nearly everything: bad parameters,
                a missing or invalid token, a missing scope, an unknown id, hidden content.
                `error_type` says which.
            PermissionDeniedError: The signature is missing or wrong, or the app is blocked.
            RateLimitError: A budget of requests per hour is used up: the flat shape for the
                budget of the token over all endpoints, the meta shape for that of one endpoint.
                Rejected requests count, too.
        """
        call: ListCall[Subscription, SubscriptionListEnvelope] = ListCall(
            _endpoints.SUBSCRIPTIONS_LIST, {}
        )
        return self._core.of_call("list", options).page(call)


class SubscriptionsResourceWithRawResponse:
    """The methods of SubscriptionsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(
        self,
        *,
        object: SubscriptionObject,
        callback_url: str,
        aspect: Literal["media"] = "media",
        verify_token: str | Unset = UNSET,
        object_id: str | Unset = UNSET,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        radius: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Subscription]:
        """Subscribe to changes (addition)."""
        call: Call[Subscription] = Call(
            _endpoints.SUBSCRIPTIONS_CREATE,
            {
                "object": object,
                "aspect": aspect,
                "verify_token": verify_token,
                "callback_url": callback_url,
                "object_id": object_id,
                "lat": lat,
                "lng": lng,
                "radius": radius,
            },
        )
        return self._core.of_call("create", options).raw(call)

    def delete(
        self,
        *,
        id: str | Unset = UNSET,
        object: DeleteSubscriptionsObject | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[None]:
        """Remove subscriptions (addition)."""
        call: Call[None] = Call(_endpoints.SUBSCRIPTIONS_DELETE, {"id": id, "object": object})
        return self._core.of_call("delete", options).raw(call)

    def list(
        self, **options: Unpack[RequestOptions]
    ) -> RawResponse[Page[Subscription, SubscriptionListEnvelope]]:
        """List the subscriptions of an app (addition)."""
        call: ListCall[Subscription, SubscriptionListEnvelope] = ListCall(
            _endpoints.SUBSCRIPTIONS_LIST, {}
        )
        return self._core.of_call("list", options).raw_page(call)


class SubscriptionsResourceWithStreamingResponse:
    """The methods of SubscriptionsResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(
        self,
        *,
        object: SubscriptionObject,
        callback_url: str,
        aspect: Literal["media"] = "media",
        verify_token: str | Unset = UNSET,
        object_id: str | Unset = UNSET,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        radius: int | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Subscription]]:
        """Subscribe to changes (addition)."""
        call: Call[Subscription] = Call(
            _endpoints.SUBSCRIPTIONS_CREATE,
            {
                "object": object,
                "aspect": aspect,
                "verify_token": verify_token,
                "callback_url": callback_url,
                "object_id": object_id,
                "lat": lat,
                "lng": lng,
                "radius": radius,
            },
        )
        return self._core.of_call("create", options).streaming(call)

    def delete(
        self,
        *,
        id: str | Unset = UNSET,
        object: DeleteSubscriptionsObject | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[None]]:
        """Remove subscriptions (addition)."""
        call: Call[None] = Call(_endpoints.SUBSCRIPTIONS_DELETE, {"id": id, "object": object})
        return self._core.of_call("delete", options).streaming(call)

    def list(
        self, **options: Unpack[RequestOptions]
    ) -> AbstractContextManager[StreamingResponse[Page[Subscription, SubscriptionListEnvelope]]]:
        """List the subscriptions of an app (addition)."""
        call: ListCall[Subscription, SubscriptionListEnvelope] = ListCall(
            _endpoints.SUBSCRIPTIONS_LIST, {}
        )
        return self._core.of_call("list", options).streaming_page(call)


class OauthResource:
    """Addition: how an access token is obtained."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> OauthResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return OauthResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> OauthResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return OauthResourceWithStreamingResponse(self._core)

    def exchange_code(
        self,
        *,
        redirect_uri: str,
        code: str,
        grant_type: Literal["authorization_code"] = "authorization_code",
        **options: Unpack[RequestOptions],
    ) -> Token:
        """Exchange an authorization code for an access token (addition).

        The response has no envelope, and states neither expiry nor scope. A code works once.

        Args:
            grant_type: Always authorization_code.
            redirect_uri: The same as in the step before.
            code: The code of the step before; it works once.

        Raises:
            AuthenticationError: The exchange was rejected, always in the flat shape.
        """
        call: Call[Token] = Call(
            _endpoints.OAUTH_EXCHANGE_CODE,
            {"grant_type": grant_type, "redirect_uri": redirect_uri, "code": code},
        )
        return self._core.of_call("exchange_code", options).result(call)

    def authorize_url(
        self,
        redirect_uri: str,
        *,
        scope: str | Iterable[str] = (),
        state: str | None = None,
        response_type: Literal["code", "token"] = "code",
        client_id: str | None = None,
    ) -> str:
        """The address to send users to, so that they grant access.

        Args:
            redirect_uri: The address that they return to.
            scope: The requested scopes, as names or separated by spaces:
                basic: Read the owner's profile and media; always granted.
                public_content: Read any public profile and media.
                follower_list: Read follows, followers, requests and relationships.
                comments: Post and delete comments.
                relationships: Follow, unfollow, approve and ignore.
                likes: Like and unlike.
            state: Returned unchanged, for code_from_redirect to compare.
            response_type: ``code``, to be exchanged, or ``token``, if the app is allowed to.
            client_id: The id of the app, by default that of the client.
        """
        app = client_id or self._core.server.vault.public("client_id")
        if app is None:
            raise MissingCredentialError("oauth.authorize_url requires client_id")
        return oauth.authorize_url(
            self._core.server.relocated("https://api.instagram.com/oauth/authorize/"),
            client_id=app,
            redirect_uri=redirect_uri,
            response_type=response_type,
            scope=scope,
            state=state,
        )

    def code_from_redirect(self, url: str, *, state: str | None = None) -> str:
        """The code in the address that a user returned to.

        Raises AuthorizationError if access was denied, or ``state`` is not the one in the address.
        """
        return oauth.code_from_redirect(url, state)


class OauthResourceWithRawResponse:
    """The methods of OauthResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def exchange_code(
        self,
        *,
        redirect_uri: str,
        code: str,
        grant_type: Literal["authorization_code"] = "authorization_code",
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Token]:
        """Exchange an authorization code for an access token (addition)."""
        call: Call[Token] = Call(
            _endpoints.OAUTH_EXCHANGE_CODE,
            {"grant_type": grant_type, "redirect_uri": redirect_uri, "code": code},
        )
        return self._core.of_call("exchange_code", options).raw(call)


class OauthResourceWithStreamingResponse:
    """The methods of OauthResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def exchange_code(
        self,
        *,
        redirect_uri: str,
        code: str,
        grant_type: Literal["authorization_code"] = "authorization_code",
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Token]]:
        """Exchange an authorization code for an access token (addition)."""
        call: Call[Token] = Call(
            _endpoints.OAUTH_EXCHANGE_CODE,
            {"grant_type": grant_type, "redirect_uri": redirect_uri, "code": code},
        )
        return self._core.of_call("exchange_code", options).streaming(call)


class OembedResource:
    """Operations of oembed."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> OembedResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return OembedResourceWithRawResponse(self._core)

    @property
    def with_streaming_response(self) -> OembedResourceWithStreamingResponse:
        """The same methods; their responses are read within a ``with`` block, piece by piece."""
        return OembedResourceWithStreamingResponse(self._core)

    def get(
        self,
        *,
        url: str,
        maxwidth: int | Unset = UNSET,
        hidecaption: bool | Unset = UNSET,
        omitscript: bool | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> Embed:
        """Get what is needed to embed a post (addition).

        Public posts only. The body of an error is a text, not JSON.

        Args:
            url: The link of the post.
            maxwidth: Largest width in pixels.
            hidecaption: Leave out the caption.
            omitscript: Leave out the script element.

        Raises:
            BadRequestError: No such post, or one that is not public. The body is a text, not
                JSON.
            NotFoundError: No such post, or one that is not public. The body is a text, not
                JSON.
        """
        call: Call[Embed] = Call(
            _endpoints.OEMBED_GET,
            {
                "url": url,
                "maxwidth": maxwidth,
                "hidecaption": hidecaption,
                "omitscript": omitscript,
            },
        )
        return self._core.of_call("get", options).result(call)

    def media_url(
        self,
        shortcode: str,
        *,
        size: RedirectToMediaSize | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> str:
        """Redirect to the image of a post (addition).

        Public posts only.

        Args:
            shortcode: The code in the link of a media object: its id in base 64.
            size: t: thumbnail, 150 pixels wide; m (when absent): 320; l: 640.

        Raises:
            NotFoundError: No such post, or one that is not public. The body is a text, not
                JSON.
        """
        call: Call[str] = Call(_endpoints.OEMBED_MEDIA_URL, {"shortcode": shortcode, "size": size})
        return self._core.of_call("media_url", options).result(call)


class OembedResourceWithRawResponse:
    """The methods of OembedResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def get(
        self,
        *,
        url: str,
        maxwidth: int | Unset = UNSET,
        hidecaption: bool | Unset = UNSET,
        omitscript: bool | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[Embed]:
        """Get what is needed to embed a post (addition)."""
        call: Call[Embed] = Call(
            _endpoints.OEMBED_GET,
            {
                "url": url,
                "maxwidth": maxwidth,
                "hidecaption": hidecaption,
                "omitscript": omitscript,
            },
        )
        return self._core.of_call("get", options).raw(call)

    def media_url(
        self,
        shortcode: str,
        *,
        size: RedirectToMediaSize | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> RawResponse[str]:
        """Redirect to the image of a post (addition)."""
        call: Call[str] = Call(_endpoints.OEMBED_MEDIA_URL, {"shortcode": shortcode, "size": size})
        return self._core.of_call("media_url", options).raw(call)


class OembedResourceWithStreamingResponse:
    """The methods of OembedResource; they open responses that are not read yet."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def get(
        self,
        *,
        url: str,
        maxwidth: int | Unset = UNSET,
        hidecaption: bool | Unset = UNSET,
        omitscript: bool | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[Embed]]:
        """Get what is needed to embed a post (addition)."""
        call: Call[Embed] = Call(
            _endpoints.OEMBED_GET,
            {
                "url": url,
                "maxwidth": maxwidth,
                "hidecaption": hidecaption,
                "omitscript": omitscript,
            },
        )
        return self._core.of_call("get", options).streaming(call)

    def media_url(
        self,
        shortcode: str,
        *,
        size: RedirectToMediaSize | Unset = UNSET,
        **options: Unpack[RequestOptions],
    ) -> AbstractContextManager[StreamingResponse[str]]:
        """Redirect to the image of a post (addition)."""
        call: Call[str] = Call(_endpoints.OEMBED_MEDIA_URL, {"shortcode": shortcode, "size": size})
        return self._core.of_call("media_url", options).streaming(call)


class Instagram:
    """The Instagram REST API as it was in late 2015.

    Args:
        access_token: How the token travels on GET and DELETE; POST accepts it as a form field, too. By default from the environment, INSTAGRAM_ACCESS_TOKEN.
        client_id: The app that sends the request (subscriptions only). By default from the environment, INSTAGRAM_CLIENT_ID.
        client_secret: The secret of that app (subscriptions only). By default from the environment, INSTAGRAM_CLIENT_SECRET.
        base_url: The address of the API. By default from INSTAGRAM_BASE_URL, else https://api.instagram.com/v1.
        timeout: Seconds for one attempt, or a Timeout of httpx2; by default 30, and 5 to connect, or what
            ``http_client`` has.
        max_retries: How often a request is repeated at most: reads after connection errors, rate limits
            and failures of the server; writes only if that has no effect a second time.
        default_headers: Headers of every request, for what the API does not describe.
        default_query: Query parameters of every request, in the same way.
        strict: Validate every response against the schemas of the API (requires jsonschema-rs).
        http_client: A client of httpx2 to send requests with, or of httpx; the caller closes it.
        transport: A transport of httpx2 to send requests with, or of httpx.
    """

    _core: _Core
    _owns_http: bool

    def __init__(
        self,
        *,
        access_token: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        base_url: str | None = None,
        timeout: float | httpx2.Timeout | None = None,
        max_retries: int = 2,
        default_headers: Mapping[str, str | None] | None = None,
        default_query: Mapping[str, object] | None = None,
        strict: bool = False,
        http_client: HTTPClient | None = None,
        transport: HTTPTransport | None = None,
    ) -> None:
        self._owns_http = http_client is None
        options = Options(timeout_of_httpx2(timeout), checked_retries(max_retries), Additions())
        self._core = _connected(
            {
                "access_token": access_token,
                "client_id": client_id,
                "client_secret": client_secret,
            },
            base_url,
            options.with_defaults(default_headers, default_query, SERVICE.places),
            strict,
            http_client,
            transport,
        )

    def with_options(
        self,
        *,
        timeout: float | httpx2.Timeout | None = None,
        max_retries: int | None = None,
        default_headers: Mapping[str, str | None] | None = None,
        default_query: Mapping[str, object] | None = None,
    ) -> Instagram:
        """A client with other options over the same connections. This one does not change.

        Default headers and query parameters are added to those that there are; None removes one of them.
        """
        other, options = object.__new__(type(self)), self._core.options
        options = options._replace(
            timeout=options.timeout if timeout is None else timeout_of_httpx2(timeout),
            max_retries=options.max_retries
            if max_retries is None
            else checked_retries(max_retries),
        )
        other._owns_http = False
        other._core = self._core._replace(
            options=options.with_defaults(default_headers, default_query, SERVICE.places)
        )
        return other

    def close(self) -> None:
        """Close the connections, unless they belong to ``http_client``."""
        if self._owns_http:
            self._core.http.close()

    def __enter__(self) -> Instagram:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Instagram of {self._core.server.url}>"

    if not TYPE_CHECKING:  # otherwise type checkers would accept any name

        def __getattr__(self, name: str) -> Any:
            """The method of an operation, by its id in the document."""
            return method_of(self, _endpoints.OPERATIONS, name)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a client holds credentials and is not pickled; create it where it is needed"
        )

    @property
    def comments(self) -> CommentsResource:
        """Manage comments."""
        return CommentsResource(self._core)

    @property
    def geographies(self) -> GeographiesResource:
        """Media near a place that a subscription defined."""
        return GeographiesResource(self._core)

    @property
    def likes(self) -> LikesResource:
        """Manage likes."""
        return LikesResource(self._core)

    @property
    def locations(self) -> LocationsResource:
        """Get information about locations."""
        return LocationsResource(self._core)

    @property
    def media(self) -> MediaResource:
        """Get information about media."""
        return MediaResource(self._core)

    @property
    def relationships(self) -> RelationshipsResource:
        """Relationships to other users, outgoing and incoming."""
        return RelationshipsResource(self._core)

    @property
    def tags(self) -> TagsResource:
        """Get information about tags."""
        return TagsResource(self._core)

    @property
    def users(self) -> UsersResource:
        """Get information about users."""
        return UsersResource(self._core)

    @property
    def subscriptions(self) -> SubscriptionsResource:
        """Addition: real-time updates."""
        return SubscriptionsResource(self._core)

    @property
    def oauth(self) -> OauthResource:
        """Addition: how an access token is obtained."""
        return OauthResource(self._core)

    @property
    def oembed(self) -> OembedResource:
        """Operations of oembed."""
        return OembedResource(self._core)


def _connected(
    credentials: dict[str, str | None],
    base_url: str | None,
    options: Options,
    strict: bool,
    http_client: Any,
    transport: Any,
) -> _Core:
    if http_client is not None and transport is not None:
        raise ValueError("pass http_client or transport, not both: a client has its own transport")
    address = valid_base_url(
        base_url or os.environ.get(SERVICE.variable("base_url")) or SERVICE.base_url
    )
    vault = Vault(
        SERVICE.schemes,
        {
            name: value or os.environ.get(SERVICE.variable(name))
            for name, value in credentials.items()
        },
        SERVICE.secret_names,
    )
    http = http_client or httpx2.Client(timeout=DEFAULT_TIMEOUT, transport=transport)
    return _Core(
        http=_guarded(http, vault),
        server=Server(service=SERVICE, url=address, vault=vault),
        reader=ResponseReader(
            errors=SERVICE.errors, vault=vault, schemas=schemas() if strict else None
        ),
        options=options,
    )
