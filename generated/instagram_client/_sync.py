"""The synchronous client; the other one comes from the same template."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from time import sleep
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, NoReturn, TypeVar

import httpx

from . import _endpoints
from ._endpoints import SERVICE
from ._runtime import inflate, oauth, paging
from ._runtime.credentials import Vault
from ._runtime.endpoints import Call, ListCall, Server, valid_base_url
from ._runtime.errors import MissingCredentialError
from ._runtime.responses import RawResponse, ResponseReader, SuccessResponse, pick
from ._runtime.retries import FAILURES, Attempts, Retries
from ._runtime.strict import schemas
from ._runtime.unset import UNSET, Unset

if TYPE_CHECKING:
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

DEFAULT_TIMEOUT = httpx.Timeout(30, connect=5)  # seconds


class _Transport(httpx.BaseTransport):
    """Puts the credentials into a copy of each request, below everything that logs or raises."""

    def __init__(self, inner: httpx.BaseTransport, vault: Vault) -> None:
        self._inner = inner
        self._vault = vault

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            # In no variable, which a traceback would show: the copy with the credentials.
            response = self._inner.handle_request(
                inflate.accepting(self._vault.authenticate(request))
            )
        except httpx.TransportError as error:
            redacted = self._vault.redacted_error(error)
        else:
            return inflate.limit(response)
        raise redacted

    def close(self) -> None:
        self._inner.close()


def _guarded(http: httpx.Client, vault: Vault) -> httpx.Client:
    """A client over the same connections that adds the credentials below; ``http`` itself does not change."""
    guarded = copy.copy(http)
    guarded._transport = _Transport(http._transport, vault)
    guarded._mounts = {
        pattern: transport and _Transport(transport, vault)
        for pattern, transport in http._mounts.items()
    }
    return guarded


class _Core(NamedTuple):
    """Sends calls."""

    http: httpx.Client
    server: Server
    reader: ResponseReader
    timeout: float | httpx.Timeout | None
    max_retries: int

    def result(self, call: Call[T]) -> T:
        return self.reader.result(call, self.send(call))

    def page(self, call: ListCall[T, E]) -> Page[T, E]:
        return Page(self, call, self.send(call), paging.start(call))

    def raw(self, call: Call[T]) -> RawResponse[T]:
        response = self.send(call)
        return RawResponse(response.response, lambda: self.reader.result(call, response))

    def raw_page(self, call: ListCall[T, E]) -> RawResponse[Page[T, E]]:
        response = self.send(call)
        return RawResponse(
            response.response, lambda: Page(self, call, response, paging.start(call))
        )

    def send(self, call: Call[Any]) -> SuccessResponse:
        retries = Retries(call.endpoint, self.max_retries)
        attempts = retries.attempts(lambda: self.server.request(call, self.http, self.timeout))
        return self.reader.read(call.endpoint, self._response(attempts))

    def _response(self, attempts: Attempts) -> httpx.Response:
        try:
            step = next(attempts)
            while True:
                if not isinstance(step, httpx.Request):
                    sleep(step)
                    step = next(attempts)
                    continue
                try:
                    response = self.http.send(step, follow_redirects=False)
                except FAILURES as error:
                    step = attempts.throw(error)
                else:
                    step = attempts.send(response)
        except StopIteration as end:
            final: httpx.Response = end.value
            return final


class Page(Generic[T, E]):
    """One page of a list. Iterating over it continues with the items of all further pages.

    ``data`` holds the items of this page, ``envelope`` the whole body of the response.
    """

    def __init__(
        self, core: _Core, call: ListCall[T, E], response: SuccessResponse, trail: paging.Trail
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
        return paging.cursor(self._call.endpoint.next_page, self._response.body) is not None

    def next_page(self) -> Page[T, E]:
        """The page after this one.

        Raises PaginationError when there is none, or when the server returned it before.
        """
        call, trail = paging.following(
            self._call, self._core.server.vault, self._response, self._trail
        )
        return Page(self._core, call, self._core.send(call), trail)

    def __repr__(self) -> str:
        return f"<Page with {len(self.data)} items, {'not ' * self.has_next_page()}the last>"


class CommentsResource:
    """Manage comments."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> CommentsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return CommentsResourceWithRawResponse(self._core)

    def create(self, media_id: str, *, text: str) -> Comment | None:
        """Comment on a media object.

        The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1
        URL, and not all in capital letters. A text that violates one is rejected with 400, and
        nothing is stored.

        The fields travel in a form body, the token among them; the server also accepts them in
        the query string.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
            text: The text of a comment to post.
        """
        call: Call[Comment | None] = Call(
            _endpoints.COMMENTS_CREATE, {"media_id": media_id, "text": text}
        )

        return self._core.result(call)

    def delete(self, media_id: str, comment_id: str) -> None:
        """Remove a comment.

        Only its author and the owner of the media object may remove a comment.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
            comment_id: The id of a comment.
        """
        call: Call[None] = Call(
            _endpoints.COMMENTS_DELETE, {"media_id": media_id, "comment_id": comment_id}
        )

        return self._core.result(call)

    def list(self, media_id: str) -> Page[Comment, CommentListEnvelope]:
        """List the newest comments on a media object.

        There are no pages: the response has at most the newest 150 comments, oldest first.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
        """
        call: ListCall[Comment, CommentListEnvelope] = ListCall(
            _endpoints.COMMENTS_LIST, {"media_id": media_id}
        )

        return self._core.page(call)


class CommentsResourceWithRawResponse:
    """The methods of CommentsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(self, media_id: str, *, text: str) -> RawResponse[Comment | None]:
        """Comment on a media object."""
        call: Call[Comment | None] = Call(
            _endpoints.COMMENTS_CREATE, {"media_id": media_id, "text": text}
        )

        return self._core.raw(call)

    def delete(self, media_id: str, comment_id: str) -> RawResponse[None]:
        """Remove a comment."""
        call: Call[None] = Call(
            _endpoints.COMMENTS_DELETE, {"media_id": media_id, "comment_id": comment_id}
        )

        return self._core.raw(call)

    def list(self, media_id: str) -> RawResponse[Page[Comment, CommentListEnvelope]]:
        """List the newest comments on a media object."""
        call: ListCall[Comment, CommentListEnvelope] = ListCall(
            _endpoints.COMMENTS_LIST, {"media_id": media_id}
        )

        return self._core.raw_page(call)


class GeographiesResource:
    """Media near a place that a subscription defined."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> GeographiesResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return GeographiesResourceWithRawResponse(self._core)

    def recent_media(
        self, geo_id: str, *, count: int | Unset = UNSET, min_id: str | Unset = UNSET
    ) -> Page[Media, MediaPageEnvelope]:
        """List recent media from a geography subscription of your own.

        The id is the `object_id` of a subscription with `object=geography`, and only the app
        that created it can read it. Withdrawn on 2015-11-17 for new apps.

        Args:
            geo_id: The object_id of a geography subscription.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            {"geo_id": geo_id, "count": count, "min_id": min_id},
        )

        return self._core.page(call)


class GeographiesResourceWithRawResponse:
    """The methods of GeographiesResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def recent_media(
        self, geo_id: str, *, count: int | Unset = UNSET, min_id: str | Unset = UNSET
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List recent media from a geography subscription of your own."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            {"geo_id": geo_id, "count": count, "min_id": min_id},
        )

        return self._core.raw_page(call)


class LikesResource:
    """Manage likes."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> LikesResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return LikesResourceWithRawResponse(self._core)

    def create(self, media_id: str) -> None:
        """Like a media object as the owner of the token.

        The token may travel as a form field.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
        """
        call: Call[None] = Call(_endpoints.LIKES_CREATE, {"media_id": media_id})

        return self._core.result(call)

    def delete(self, media_id: str) -> None:
        """Take back a like.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
        """
        call: Call[None] = Call(_endpoints.LIKES_DELETE, {"media_id": media_id})

        return self._core.result(call)

    def list(self, media_id: str) -> Page[UserShort, UserListEnvelope]:
        """List users who like a media object.

        There are no pages; the response is one slice of at most 120 users.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
        """
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.LIKES_LIST, {"media_id": media_id}
        )

        return self._core.page(call)


class LikesResourceWithRawResponse:
    """The methods of LikesResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def create(self, media_id: str) -> RawResponse[None]:
        """Like a media object as the owner of the token."""
        call: Call[None] = Call(_endpoints.LIKES_CREATE, {"media_id": media_id})

        return self._core.raw(call)

    def delete(self, media_id: str) -> RawResponse[None]:
        """Take back a like."""
        call: Call[None] = Call(_endpoints.LIKES_DELETE, {"media_id": media_id})

        return self._core.raw(call)

    def list(self, media_id: str) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """List users who like a media object."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.LIKES_LIST, {"media_id": media_id}
        )

        return self._core.raw_page(call)


class LocationsResource:
    """Get information about locations."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> LocationsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return LocationsResourceWithRawResponse(self._core)

    def search(
        self,
        *,
        lat: float | Unset = UNSET,
        lng: float | Unset = UNSET,
        distance: int | Unset = UNSET,
        facebook_places_id: str | Unset = UNSET,
        foursquare_v2_id: str | Unset = UNSET,
        foursquare_id: str | Unset = UNSET,
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

        return self._core.page(call)

    def get(self, location_id: str) -> Location:
        """Get a location.

        Args:
            location_id: The id of a location.
        """
        call: Call[Location] = Call(_endpoints.LOCATIONS_GET, {"location_id": location_id})

        return self._core.result(call)

    def recent_media(
        self,
        location_id: str,
        *,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
    ) -> Page[Media, MediaPageEnvelope]:
        """List recent media from a location.

        Args:
            location_id: The id of a location.
            min_timestamp: Only media later than this time in UNIX seconds.
            max_timestamp: Only media earlier than this time in UNIX seconds.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.
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

        return self._core.page(call)


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

        return self._core.raw_page(call)

    def get(self, location_id: str) -> RawResponse[Location]:
        """Get a location."""
        call: Call[Location] = Call(_endpoints.LOCATIONS_GET, {"location_id": location_id})

        return self._core.raw(call)

    def recent_media(
        self,
        location_id: str,
        *,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
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

        return self._core.raw_page(call)


class MediaResource:
    """Get information about media."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> MediaResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return MediaResourceWithRawResponse(self._core)

    def popular(self) -> Page[Media, MediaListEnvelope]:
        """List media that are popular at the moment.

        In no particular order. Withdrawn on 2015-11-17 for new apps.
        """
        call: ListCall[Media, MediaListEnvelope] = ListCall(_endpoints.MEDIA_POPULAR, {})

        return self._core.page(call)

    def search(
        self,
        *,
        lat: float,
        lng: float,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        distance: int | Unset = UNSET,
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

        return self._core.page(call)

    def get_by_shortcode(self, shortcode: str) -> Media:
        """Get a media object by the code in its link.

        The response is the same as for the id. The suffix `.json` does not work here.

        Args:
            shortcode: The code in the link of a media object: its id in base 64.
        """
        call: Call[Media] = Call(_endpoints.MEDIA_GET_BY_SHORTCODE, {"shortcode": shortcode})

        return self._core.result(call)

    def get(self, media_id: str) -> Media:
        """Get a media object.

        The field `type` distinguishes images and videos.

        Args:
            media_id: The id of a media object: a number, an underscore, the id of its owner.
        """
        call: Call[Media] = Call(_endpoints.MEDIA_GET, {"media_id": media_id})

        return self._core.result(call)


class MediaResourceWithRawResponse:
    """The methods of MediaResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def popular(self) -> RawResponse[Page[Media, MediaListEnvelope]]:
        """List media that are popular at the moment."""
        call: ListCall[Media, MediaListEnvelope] = ListCall(_endpoints.MEDIA_POPULAR, {})

        return self._core.raw_page(call)

    def search(
        self,
        *,
        lat: float,
        lng: float,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
        distance: int | Unset = UNSET,
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

        return self._core.raw_page(call)

    def get_by_shortcode(self, shortcode: str) -> RawResponse[Media]:
        """Get a media object by the code in its link."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET_BY_SHORTCODE, {"shortcode": shortcode})

        return self._core.raw(call)

    def get(self, media_id: str) -> RawResponse[Media]:
        """Get a media object."""
        call: Call[Media] = Call(_endpoints.MEDIA_GET, {"media_id": media_id})

        return self._core.raw(call)


class RelationshipsResource:
    """Relationships to other users, outgoing and incoming."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> RelationshipsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return RelationshipsResourceWithRawResponse(self._core)

    def requested_by(self) -> Page[UserShort, UserListEnvelope]:
        """List users who have requested to follow the owner of the token."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_REQUESTED_BY, {}
        )

        return self._core.page(call)

    def followed_by(
        self, user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
    ) -> Page[UserShort, UserPageEnvelope]:
        """List the followers of a user.

        Apps created on or after 2015-11-17 may request `self` only.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            cursor: The next_cursor of the page before.
        """
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            {"user_id": user_id, "count": count, "cursor": cursor},
        )

        return self._core.page(call)

    def follows(
        self, user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
    ) -> Page[UserShort, UserPageEnvelope]:
        """List the users whom a user follows.

        Apps created on or after 2015-11-17 may request `self` only.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            cursor: The next_cursor of the page before.
        """
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWS, {"user_id": user_id, "count": count, "cursor": cursor}
        )

        return self._core.page(call)

    def get(self, user_id: str) -> Relationship:
        """Get the relationship to another user.

        Args:
            user_id: The id of the other user.
        """
        call: Call[Relationship] = Call(_endpoints.RELATIONSHIPS_GET, {"user_id": user_id})

        return self._core.result(call)

    def update(self, user_id: str, *, action: RelationshipAction) -> RelationshipChange:
        """Change the relationship to another user.

        Following a private account gives `requested`, following a public one `follows`.
        `approve` and `ignore` respond to a request of the other user.

        The field travels in a form body, beside the token; the server also accepts them in the
        query string.

        Args:
            user_id: The id of the other user.
            action: What to do; `approve` and `ignore` respond to a request of the other user.
        """
        call: Call[RelationshipChange] = Call(
            _endpoints.RELATIONSHIPS_UPDATE, {"user_id": user_id, "action": action}
        )

        return self._core.result(call)


class RelationshipsResourceWithRawResponse:
    """The methods of RelationshipsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def requested_by(self) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """List users who have requested to follow the owner of the token."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_REQUESTED_BY, {}
        )

        return self._core.raw_page(call)

    def followed_by(
        self, user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
    ) -> RawResponse[Page[UserShort, UserPageEnvelope]]:
        """List the followers of a user."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            {"user_id": user_id, "count": count, "cursor": cursor},
        )

        return self._core.raw_page(call)

    def follows(
        self, user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
    ) -> RawResponse[Page[UserShort, UserPageEnvelope]]:
        """List the users whom a user follows."""
        call: ListCall[UserShort, UserPageEnvelope] = ListCall(
            _endpoints.RELATIONSHIPS_FOLLOWS, {"user_id": user_id, "count": count, "cursor": cursor}
        )

        return self._core.raw_page(call)

    def get(self, user_id: str) -> RawResponse[Relationship]:
        """Get the relationship to another user."""
        call: Call[Relationship] = Call(_endpoints.RELATIONSHIPS_GET, {"user_id": user_id})

        return self._core.raw(call)

    def update(
        self, user_id: str, *, action: RelationshipAction
    ) -> RawResponse[RelationshipChange]:
        """Change the relationship to another user."""
        call: Call[RelationshipChange] = Call(
            _endpoints.RELATIONSHIPS_UPDATE, {"user_id": user_id, "action": action}
        )

        return self._core.raw(call)


class TagsResource:
    """Get information about tags."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> TagsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return TagsResourceWithRawResponse(self._core)

    def search(self, *, q: str) -> Page[Tag, TagListEnvelope]:
        """Find tags by the beginning of their name.

        At most 50 tags, the exact name first, then by `media_count`, largest first.

        Args:
            q: A tag name or its beginning, without the leading \\#.
        """
        call: ListCall[Tag, TagListEnvelope] = ListCall(_endpoints.TAGS_SEARCH, {"q": q})

        return self._core.page(call)

    def get(self, tag_name: str) -> Tag:
        """Get a tag.

        Args:
            tag_name: The name of a tag without the leading \\#.
        """
        call: Call[Tag] = Call(_endpoints.TAGS_GET, {"tag_name": tag_name})

        return self._core.result(call)

    def recent_media(
        self,
        tag_name: str,
        *,
        count: int | Unset = UNSET,
        min_tag_id: str | Unset = UNSET,
        max_tag_id: str | Unset = UNSET,
    ) -> Page[Media, TagMediaPageEnvelope]:
        """List recently tagged media.

        Ordered by when the tag was attached, newest first: a tag that a later comment added
        moves the item up. Page with `max_tag_id`; poll for new media with `min_tag_id`.

        Args:
            tag_name: The name of a tag without the leading \\#.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_tag_id: Only media tagged later than this cursor.
            max_tag_id: Only media tagged earlier than this cursor.
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

        return self._core.page(call)


class TagsResourceWithRawResponse:
    """The methods of TagsResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(self, *, q: str) -> RawResponse[Page[Tag, TagListEnvelope]]:
        """Find tags by the beginning of their name."""
        call: ListCall[Tag, TagListEnvelope] = ListCall(_endpoints.TAGS_SEARCH, {"q": q})

        return self._core.raw_page(call)

    def get(self, tag_name: str) -> RawResponse[Tag]:
        """Get a tag."""
        call: Call[Tag] = Call(_endpoints.TAGS_GET, {"tag_name": tag_name})

        return self._core.raw(call)

    def recent_media(
        self,
        tag_name: str,
        *,
        count: int | Unset = UNSET,
        min_tag_id: str | Unset = UNSET,
        max_tag_id: str | Unset = UNSET,
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

        return self._core.raw_page(call)


class UsersResource:
    """Get information about users."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> UsersResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return UsersResourceWithRawResponse(self._core)

    def search(self, *, q: str, count: int | Unset = UNSET) -> Page[UserShort, UserListEnvelope]:
        """Find users by name.

        Args:
            q: A name or its beginning.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
        """
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.USERS_SEARCH, {"q": q, "count": count}
        )

        return self._core.page(call)

    def feed(
        self,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
    ) -> Page[Media, MediaPageEnvelope]:
        """List media of the users whom the owner of the token follows.

        A page may be shorter than `count` and still have a next one. Withdrawn on 2015-11-17
        for new apps.

        Args:
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.
        """
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_FEED, {"count": count, "min_id": min_id, "max_id": max_id}
        )

        return self._core.page(call)

    def liked_media(
        self, *, count: int | Unset = UNSET, max_like_id: str | Unset = UNSET
    ) -> Page[Media, LikedMediaPageEnvelope]:
        """List media that the owner of the token likes.

        In the order of liking, newest first. Media of private users is included while the owner
        of the token may see it.

        Args:
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            max_like_id: Only media liked earlier than this cursor.
        """
        call: ListCall[Media, LikedMediaPageEnvelope] = ListCall(
            _endpoints.USERS_LIKED_MEDIA, {"count": count, "max_like_id": max_like_id}
        )

        return self._core.page(call)

    def get(self, user_id: str) -> User:
        """Get a user.

        The reference documents 404 for an unknown id; the service responded with 400 and
        `APINotFoundError`.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
        """
        call: Call[User] = Call(_endpoints.USERS_GET, {"user_id": user_id})

        return self._core.result(call)

    def recent_media(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
    ) -> Page[Media, MediaPageEnvelope]:
        """List the newest media of a user.

        Args:
            user_id: The id of a user, or `self` for the owner of the token.
            count: How many items a page has; 20 when absent. More than 33 is silently reduced.
            min_id: Only media newer than this id.
            max_id: Only media older than this id.
            min_timestamp: Only media later than this time in UNIX seconds.
            max_timestamp: Only media earlier than this time in UNIX seconds.
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

        return self._core.page(call)


class UsersResourceWithRawResponse:
    """The methods of UsersResource; they return raw responses."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    def search(
        self, *, q: str, count: int | Unset = UNSET
    ) -> RawResponse[Page[UserShort, UserListEnvelope]]:
        """Find users by name."""
        call: ListCall[UserShort, UserListEnvelope] = ListCall(
            _endpoints.USERS_SEARCH, {"q": q, "count": count}
        )

        return self._core.raw_page(call)

    def feed(
        self,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
    ) -> RawResponse[Page[Media, MediaPageEnvelope]]:
        """List media of the users whom the owner of the token follows."""
        call: ListCall[Media, MediaPageEnvelope] = ListCall(
            _endpoints.USERS_FEED, {"count": count, "min_id": min_id, "max_id": max_id}
        )

        return self._core.raw_page(call)

    def liked_media(
        self, *, count: int | Unset = UNSET, max_like_id: str | Unset = UNSET
    ) -> RawResponse[Page[Media, LikedMediaPageEnvelope]]:
        """List media that the owner of the token likes."""
        call: ListCall[Media, LikedMediaPageEnvelope] = ListCall(
            _endpoints.USERS_LIKED_MEDIA, {"count": count, "max_like_id": max_like_id}
        )

        return self._core.raw_page(call)

    def get(self, user_id: str) -> RawResponse[User]:
        """Get a user."""
        call: Call[User] = Call(_endpoints.USERS_GET, {"user_id": user_id})

        return self._core.raw(call)

    def recent_media(
        self,
        user_id: str,
        *,
        count: int | Unset = UNSET,
        min_id: str | Unset = UNSET,
        max_id: str | Unset = UNSET,
        min_timestamp: int | Unset = UNSET,
        max_timestamp: int | Unset = UNSET,
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

        return self._core.raw_page(call)


class SubscriptionsResource:
    """Addition: real-time updates."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> SubscriptionsResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return SubscriptionsResourceWithRawResponse(self._core)

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

        return self._core.result(call)

    def delete(
        self, *, id: str | Unset = UNSET, object: DeleteSubscriptionsObject | Unset = UNSET
    ) -> None:
        """Remove subscriptions (addition).

        By `id`, or all of one kind by `object`.

        Args:
            id: The subscription to remove.
            object: The kind of subscriptions to remove.
        """
        call: Call[None] = Call(_endpoints.SUBSCRIPTIONS_DELETE, {"id": id, "object": object})

        return self._core.result(call)

    def list(self) -> Page[Subscription, SubscriptionListEnvelope]:
        """List the subscriptions of an app (addition)."""
        call: ListCall[Subscription, SubscriptionListEnvelope] = ListCall(
            _endpoints.SUBSCRIPTIONS_LIST, {}
        )

        return self._core.page(call)


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

        return self._core.raw(call)

    def delete(
        self, *, id: str | Unset = UNSET, object: DeleteSubscriptionsObject | Unset = UNSET
    ) -> RawResponse[None]:
        """Remove subscriptions (addition)."""
        call: Call[None] = Call(_endpoints.SUBSCRIPTIONS_DELETE, {"id": id, "object": object})

        return self._core.raw(call)

    def list(self) -> RawResponse[Page[Subscription, SubscriptionListEnvelope]]:
        """List the subscriptions of an app (addition)."""
        call: ListCall[Subscription, SubscriptionListEnvelope] = ListCall(
            _endpoints.SUBSCRIPTIONS_LIST, {}
        )

        return self._core.raw_page(call)


class OauthResource:
    """Addition: how an access token is obtained."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> OauthResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return OauthResourceWithRawResponse(self._core)

    def exchange_code(
        self,
        *,
        redirect_uri: str,
        code: str,
        grant_type: Literal["authorization_code"] = "authorization_code",
    ) -> Token:
        """Exchange an authorization code for an access token (addition).

        The response has no envelope, and states neither expiry nor scope. A code works once.

        Args:
            grant_type: Always authorization_code.
            redirect_uri: The same as in the step before.
            code: The code of the step before; it works once.
        """
        call: Call[Token] = Call(
            _endpoints.OAUTH_EXCHANGE_CODE,
            {"grant_type": grant_type, "redirect_uri": redirect_uri, "code": code},
        )

        return self._core.result(call)

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
    ) -> RawResponse[Token]:
        """Exchange an authorization code for an access token (addition)."""
        call: Call[Token] = Call(
            _endpoints.OAUTH_EXCHANGE_CODE,
            {"grant_type": grant_type, "redirect_uri": redirect_uri, "code": code},
        )

        return self._core.raw(call)


class OembedResource:
    """Operations of oembed."""

    def __init__(self, core: _Core) -> None:
        self._core = core

    @property
    def with_raw_response(self) -> OembedResourceWithRawResponse:
        """The same methods; they return the response with its status, headers and bytes."""
        return OembedResourceWithRawResponse(self._core)

    def get(
        self,
        *,
        url: str,
        maxwidth: int | Unset = UNSET,
        hidecaption: bool | Unset = UNSET,
        omitscript: bool | Unset = UNSET,
    ) -> Embed:
        """Get what is needed to embed a post (addition).

        Public posts only. The body of an error is a text, not JSON.

        Args:
            url: The link of the post.
            maxwidth: Largest width in pixels.
            hidecaption: Leave out the caption.
            omitscript: Leave out the script element.
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

        return self._core.result(call)

    def media_url(self, shortcode: str, *, size: RedirectToMediaSize | Unset = UNSET) -> str:
        """Redirect to the image of a post (addition).

        Public posts only.

        Args:
            shortcode: The code in the link of a media object: its id in base 64.
            size: t: thumbnail, 150 pixels wide; m (when absent): 320; l: 640.
        """
        call: Call[str] = Call(_endpoints.OEMBED_MEDIA_URL, {"shortcode": shortcode, "size": size})

        return self._core.result(call)


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

        return self._core.raw(call)

    def media_url(
        self, shortcode: str, *, size: RedirectToMediaSize | Unset = UNSET
    ) -> RawResponse[str]:
        """Redirect to the image of a post (addition)."""
        call: Call[str] = Call(_endpoints.OEMBED_MEDIA_URL, {"shortcode": shortcode, "size": size})

        return self._core.raw(call)


class Instagram:
    """The Instagram REST API as it was in late 2015.

    Args:
        access_token: How the token travels on GET and DELETE; POST accepts it as a form field, too. By default from the environment, INSTAGRAM_ACCESS_TOKEN.
        client_id: The app that sends the request (subscriptions only). By default from the environment, INSTAGRAM_CLIENT_ID.
        client_secret: The secret of that app (subscriptions only). By default from the environment, INSTAGRAM_CLIENT_SECRET.
        base_url: The address of the API. By default from INSTAGRAM_BASE_URL, else https://api.instagram.com/v1.
        timeout: Seconds for one attempt, or a Timeout of httpx; by default 30, and 5 to connect, or what
            ``http_client`` has.
        max_retries: How often a request is repeated at most: reads after connection errors, rate limits
            and failures of the server; writes only if they cannot have had any effect.
        strict: Validate every response against the schemas of the API (requires jsonschema-rs).
        http_client: A client of httpx to send requests with; the caller closes it.
        transport: A transport of httpx to send requests with.
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
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = 2,
        strict: bool = False,
        http_client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._owns_http = http_client is None
        self._core = _connected(
            {
                "access_token": access_token,
                "client_id": client_id,
                "client_secret": client_secret,
            },
            base_url,
            timeout,
            max_retries,
            strict,
            http_client,
            transport,
        )

    def with_options(
        self, *, timeout: float | httpx.Timeout | None = None, max_retries: int | None = None
    ) -> Instagram:
        """A client with other options over the same connections. This one does not change."""
        other = object.__new__(type(self))
        other._owns_http = False
        other._core = self._core._replace(
            timeout=self._core.timeout if timeout is None else timeout,
            max_retries=self._core.max_retries if max_retries is None else _checked(max_retries),
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
    timeout: float | httpx.Timeout | None,
    max_retries: int,
    strict: bool,
    http_client: httpx.Client | None,
    transport: httpx.BaseTransport | None,
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
    http = http_client or httpx.Client(timeout=DEFAULT_TIMEOUT, transport=transport)
    return _Core(
        http=_guarded(http, vault),
        server=Server(service=SERVICE, url=address, vault=vault),
        reader=ResponseReader(
            errors=SERVICE.errors, vault=vault, schemas=schemas() if strict else None
        ),
        timeout=timeout,
        max_retries=_checked(max_retries),
    )


def _checked(max_retries: int) -> int:
    if max_retries < 0:
        raise ValueError(f"max_retries must not be negative, but is {max_retries}")
    return max_retries
