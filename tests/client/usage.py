"""What type checkers see of the client. They read it (test_client_typing.py); nothing ever runs it.

A comment that ignores an error asserts that error: both checkers are told to report one too many.
"""

import datetime
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar, assert_type

import httpx2

import instagram_client
from instagram_client import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncInstagram,
    AsyncPage,
    AsyncPaginator,
    AsyncStream,
    AsyncStreamingResponse,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    ConflictError,
    ExtraOptions,
    Instagram,
    InstagramError,
    InternalServerError,
    MissingCredentialError,
    NotFoundError,
    Page,
    PaginationError,
    PermissionDeniedError,
    RateLimit,
    RateLimitError,
    RawResponse,
    RequestOptions,
    ResponseFormatError,
    RuleError,
    Stream,
    StreamError,
    StreamingResponse,
    UnprocessableEntityError,
    Unset,
    WebhookSignatureError,
    ids,
    webhooks,
)
from instagram_client.models import (
    Change,
    Comment,
    CommentListEnvelope,
    Embed,
    IncomingStatus,
    LikedMediaPageEnvelope,
    Location,
    LocationListEnvelope,
    Media,
    MediaListEnvelope,
    MediaPageEnvelope,
    MediaType,
    OutgoingStatus,
    Pagination,
    Relationship,
    RelationshipChange,
    Subscription,
    SubscriptionListEnvelope,
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
Opened: TypeAlias = AbstractContextManager[StreamingResponse[T]]
AsyncOpened: TypeAlias = AbstractAsyncContextManager[AsyncStreamingResponse[T]]

MEDIA = "1127838097061452801_1001"


def synchronous(client: Instagram) -> None:
    assert_type(client.comments.create(MEDIA, text="Lovely light"), Comment | None)
    assert_type(client.comments.delete(MEDIA, "3"), None)
    assert_type(client.comments.list(MEDIA), Page[Comment, CommentListEnvelope])
    assert_type(list(client.comments.list(MEDIA)), list[Comment])

    assert_type(client.geographies.recent_media("501", count=5, min_id="1_2"), Page[Media, MediaPageEnvelope])
    assert_type(list(client.geographies.recent_media("501")), list[Media])

    assert_type(client.likes.create(MEDIA), None)
    assert_type(client.likes.delete(MEDIA), None)
    assert_type(client.likes.list(MEDIA), Page[UserShort, UserListEnvelope])
    assert_type(list(client.likes.list(MEDIA)), list[UserShort])

    assert_type(
        client.locations.search(
            lat=48.9, lng=2.3, distance=100, facebook_places_id="4", foursquare_v2_id="5", foursquare_id="6"
        ),
        Page[Location, LocationListEnvelope],
    )
    assert_type(list(client.locations.search()), list[Location])
    assert_type(client.locations.get("301"), Location)
    assert_type(
        client.locations.recent_media(
            "301", min_timestamp=1448668800, max_timestamp=1448668900, min_id="1_2", max_id="1_2"
        ),
        Page[Media, MediaPageEnvelope],
    )
    assert_type(list(client.locations.recent_media("301")), list[Media])

    assert_type(client.media.popular(), Page[Media, MediaListEnvelope])
    assert_type(list(client.media.popular()), list[Media])
    assert_type(
        client.media.search(
            lat=48.9, lng=2.3, min_timestamp=1448668800, max_timestamp=1448668900, distance=100
        ),
        Page[Media, MediaListEnvelope],
    )
    assert_type(list(client.media.search(lat=48.9, lng=2.3)), list[Media])
    assert_type(client.media.get_by_shortcode("-m4sYTgBwB"), Media)
    assert_type(client.media.get(MEDIA), Media)

    assert_type(client.relationships.requested_by(), Page[UserShort, UserListEnvelope])
    assert_type(list(client.relationships.requested_by()), list[UserShort])
    assert_type(
        client.relationships.followed_by("self", count=5, cursor="7"), Page[UserShort, UserPageEnvelope]
    )
    assert_type(list(client.relationships.followed_by("self")), list[UserShort])
    assert_type(client.relationships.follows("self", count=5, cursor="7"), Page[UserShort, UserPageEnvelope])
    assert_type(list(client.relationships.follows("self")), list[UserShort])
    assert_type(client.relationships.get("self"), Relationship)
    assert_type(client.relationships.update("self", action="follow"), RelationshipChange)

    assert_type(client.tags.search(q="snow"), Page[Tag, TagListEnvelope])
    assert_type(list(client.tags.search(q="snow")), list[Tag])
    assert_type(client.tags.get("snow"), Tag)
    assert_type(
        client.tags.recent_media("snow", count=5, min_tag_id="8", max_tag_id="9"),
        Page[Media, TagMediaPageEnvelope],
    )
    assert_type(list(client.tags.recent_media("snow")), list[Media])

    assert_type(client.users.search(q="snow", count=5), Page[UserShort, UserListEnvelope])
    assert_type(list(client.users.search(q="snow")), list[UserShort])
    assert_type(client.users.feed(count=5, min_id="1_2", max_id="1_2"), Page[Media, MediaPageEnvelope])
    assert_type(list(client.users.feed()), list[Media])
    assert_type(client.users.liked_media(count=5, max_like_id="8"), Page[Media, LikedMediaPageEnvelope])
    assert_type(list(client.users.liked_media()), list[Media])
    assert_type(client.users.get("self"), User)
    assert_type(
        client.users.recent_media(
            "self", count=5, min_id="1_2", max_id="1_2", min_timestamp=1448668800, max_timestamp=1448668900
        ),
        Page[Media, MediaPageEnvelope],
    )
    assert_type(list(client.users.recent_media("self")), list[Media])

    assert_type(
        client.subscriptions.create(
            object="user",
            aspect="media",
            callback_url="https://app.test/",
            verify_token="V",
            object_id="snow",
            lat=48.9,
            lng=2.3,
            radius=50,
        ),
        Subscription,
    )
    assert_type(client.subscriptions.delete(id="22", object="user"), None)
    assert_type(client.subscriptions.list(), Page[Subscription, SubscriptionListEnvelope])
    assert_type(list(client.subscriptions.list()), list[Subscription])

    assert_type(
        client.oauth.exchange_code(
            redirect_uri="https://app.test/", code="C", grant_type="authorization_code"
        ),
        Token,
    )

    assert_type(
        client.oembed.get(url="https://instagram.com/p/x/", maxwidth=320, hidecaption=True, omitscript=False),
        Embed,
    )
    assert_type(client.oembed.media_url("-m4sYTgBwB", size="l"), str)
    assert_type(
        client.oauth.authorize_url(
            "https://app.test/", scope=["likes"], state="S", response_type="code", client_id="I"
        ),
        str,
    )
    assert_type(client.oauth.code_from_redirect("https://app.test/?code=C&state=S", state="S"), str)


def synchronous_raw(client: Instagram) -> None:
    assert_type(
        client.comments.with_raw_response.create(MEDIA, text="Lovely light"), RawResponse[Comment | None]
    )
    assert_type(client.comments.with_raw_response.delete(MEDIA, "3"), RawResponse[None])
    assert_type(
        client.comments.with_raw_response.list(MEDIA), RawResponse[Page[Comment, CommentListEnvelope]]
    )
    assert_type(
        client.geographies.with_raw_response.recent_media("501"), RawResponse[Page[Media, MediaPageEnvelope]]
    )
    assert_type(client.likes.with_raw_response.create(MEDIA), RawResponse[None])
    assert_type(client.likes.with_raw_response.delete(MEDIA), RawResponse[None])
    assert_type(client.likes.with_raw_response.list(MEDIA), RawResponse[Page[UserShort, UserListEnvelope]])
    assert_type(
        client.locations.with_raw_response.search(), RawResponse[Page[Location, LocationListEnvelope]]
    )
    assert_type(client.locations.with_raw_response.get("301"), RawResponse[Location])
    assert_type(
        client.locations.with_raw_response.recent_media("301"), RawResponse[Page[Media, MediaPageEnvelope]]
    )
    assert_type(client.media.with_raw_response.popular(), RawResponse[Page[Media, MediaListEnvelope]])
    assert_type(
        client.media.with_raw_response.search(lat=48.9, lng=2.3), RawResponse[Page[Media, MediaListEnvelope]]
    )
    assert_type(client.media.with_raw_response.get_by_shortcode("-m4sYTgBwB"), RawResponse[Media])
    assert_type(client.media.with_raw_response.get(MEDIA), RawResponse[Media])
    assert_type(
        client.relationships.with_raw_response.requested_by(), RawResponse[Page[UserShort, UserListEnvelope]]
    )
    assert_type(
        client.relationships.with_raw_response.followed_by("self"),
        RawResponse[Page[UserShort, UserPageEnvelope]],
    )
    assert_type(
        client.relationships.with_raw_response.follows("self"), RawResponse[Page[UserShort, UserPageEnvelope]]
    )
    assert_type(client.relationships.with_raw_response.get("self"), RawResponse[Relationship])
    assert_type(
        client.relationships.with_raw_response.update("self", action="follow"),
        RawResponse[RelationshipChange],
    )
    assert_type(client.tags.with_raw_response.search(q="snow"), RawResponse[Page[Tag, TagListEnvelope]])
    assert_type(client.tags.with_raw_response.get("snow"), RawResponse[Tag])
    assert_type(
        client.tags.with_raw_response.recent_media("snow"), RawResponse[Page[Media, TagMediaPageEnvelope]]
    )
    assert_type(
        client.users.with_raw_response.search(q="snow"), RawResponse[Page[UserShort, UserListEnvelope]]
    )
    assert_type(client.users.with_raw_response.feed(), RawResponse[Page[Media, MediaPageEnvelope]])
    assert_type(
        client.users.with_raw_response.liked_media(), RawResponse[Page[Media, LikedMediaPageEnvelope]]
    )
    assert_type(client.users.with_raw_response.get("self"), RawResponse[User])
    assert_type(
        client.users.with_raw_response.recent_media("self"), RawResponse[Page[Media, MediaPageEnvelope]]
    )
    assert_type(
        client.subscriptions.with_raw_response.create(
            object="user", aspect="media", callback_url="https://app.test/"
        ),
        RawResponse[Subscription],
    )
    assert_type(client.subscriptions.with_raw_response.delete(), RawResponse[None])
    assert_type(
        client.subscriptions.with_raw_response.list(),
        RawResponse[Page[Subscription, SubscriptionListEnvelope]],
    )
    assert_type(
        client.oauth.with_raw_response.exchange_code(redirect_uri="https://app.test/", code="C"),
        RawResponse[Token],
    )
    assert_type(client.oembed.with_raw_response.get(url="https://instagram.com/p/x/"), RawResponse[Embed])
    assert_type(client.oembed.with_raw_response.media_url("-m4sYTgBwB"), RawResponse[str])


def synchronous_streaming(client: Instagram) -> None:
    assert_type(
        client.comments.with_streaming_response.create(MEDIA, text="Lovely light"),
        Opened[Comment | None],
    )
    assert_type(
        client.comments.with_streaming_response.delete(MEDIA, "3"),
        Opened[None],
    )
    assert_type(
        client.comments.with_streaming_response.list(MEDIA),
        Opened[Page[Comment, CommentListEnvelope]],
    )
    assert_type(
        client.geographies.with_streaming_response.recent_media("501"),
        Opened[Page[Media, MediaPageEnvelope]],
    )
    assert_type(client.likes.with_streaming_response.create(MEDIA), Opened[None])
    assert_type(client.likes.with_streaming_response.delete(MEDIA), Opened[None])
    assert_type(
        client.likes.with_streaming_response.list(MEDIA),
        Opened[Page[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.locations.with_streaming_response.search(),
        Opened[Page[Location, LocationListEnvelope]],
    )
    assert_type(
        client.locations.with_streaming_response.get("301"),
        Opened[Location],
    )
    assert_type(
        client.locations.with_streaming_response.recent_media("301"),
        Opened[Page[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.popular(),
        Opened[Page[Media, MediaListEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.search(lat=48.9, lng=2.3),
        Opened[Page[Media, MediaListEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.get_by_shortcode("-m4sYTgBwB"),
        Opened[Media],
    )
    assert_type(client.media.with_streaming_response.get(MEDIA), Opened[Media])
    assert_type(
        client.relationships.with_streaming_response.requested_by(),
        Opened[Page[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.followed_by("self"),
        Opened[Page[UserShort, UserPageEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.follows("self"),
        Opened[Page[UserShort, UserPageEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.get("self"),
        Opened[Relationship],
    )
    assert_type(
        client.relationships.with_streaming_response.update("self", action="follow"),
        Opened[RelationshipChange],
    )
    assert_type(
        client.tags.with_streaming_response.search(q="snow"),
        Opened[Page[Tag, TagListEnvelope]],
    )
    assert_type(client.tags.with_streaming_response.get("snow"), Opened[Tag])
    assert_type(
        client.tags.with_streaming_response.recent_media("snow"),
        Opened[Page[Media, TagMediaPageEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.search(q="snow"),
        Opened[Page[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.feed(),
        Opened[Page[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.liked_media(),
        Opened[Page[Media, LikedMediaPageEnvelope]],
    )
    assert_type(client.users.with_streaming_response.get("self"), Opened[User])
    assert_type(
        client.users.with_streaming_response.recent_media("self"),
        Opened[Page[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.subscriptions.with_streaming_response.create(
            object="user", aspect="media", callback_url="https://app.test/"
        ),
        Opened[Subscription],
    )
    assert_type(client.subscriptions.with_streaming_response.delete(), Opened[None])
    assert_type(
        client.subscriptions.with_streaming_response.list(),
        Opened[Page[Subscription, SubscriptionListEnvelope]],
    )
    assert_type(
        client.oauth.with_streaming_response.exchange_code(redirect_uri="https://app.test/", code="C"),
        Opened[Token],
    )
    assert_type(
        client.oembed.with_streaming_response.get(url="https://instagram.com/p/x/"),
        Opened[Embed],
    )
    assert_type(
        client.oembed.with_streaming_response.media_url("-m4sYTgBwB"),
        Opened[str],
    )


async def asynchronous(client: AsyncInstagram) -> None:
    assert_type(await client.comments.create(MEDIA, text="Lovely light"), Comment | None)
    assert_type(await client.comments.delete(MEDIA, "3"), None)
    assert_type(await client.comments.list(MEDIA), AsyncPage[Comment, CommentListEnvelope])
    assert_type([each async for each in client.comments.list(MEDIA)], list[Comment])

    assert_type(await client.geographies.recent_media("501"), AsyncPage[Media, MediaPageEnvelope])
    assert_type([each async for each in client.geographies.recent_media("501")], list[Media])

    assert_type(await client.likes.create(MEDIA), None)
    assert_type(await client.likes.delete(MEDIA), None)
    assert_type(await client.likes.list(MEDIA), AsyncPage[UserShort, UserListEnvelope])
    assert_type([each async for each in client.likes.list(MEDIA)], list[UserShort])

    assert_type(await client.locations.search(), AsyncPage[Location, LocationListEnvelope])
    assert_type([each async for each in client.locations.search()], list[Location])
    assert_type(await client.locations.get("301"), Location)
    assert_type(await client.locations.recent_media("301"), AsyncPage[Media, MediaPageEnvelope])
    assert_type([each async for each in client.locations.recent_media("301")], list[Media])

    assert_type(await client.media.popular(), AsyncPage[Media, MediaListEnvelope])
    assert_type([each async for each in client.media.popular()], list[Media])
    assert_type(await client.media.search(lat=48.9, lng=2.3), AsyncPage[Media, MediaListEnvelope])
    assert_type([each async for each in client.media.search(lat=48.9, lng=2.3)], list[Media])
    assert_type(await client.media.get_by_shortcode("-m4sYTgBwB"), Media)
    assert_type(await client.media.get(MEDIA), Media)

    assert_type(await client.relationships.requested_by(), AsyncPage[UserShort, UserListEnvelope])
    assert_type([each async for each in client.relationships.requested_by()], list[UserShort])
    assert_type(await client.relationships.followed_by("self"), AsyncPage[UserShort, UserPageEnvelope])
    assert_type([each async for each in client.relationships.followed_by("self")], list[UserShort])
    assert_type(await client.relationships.follows("self"), AsyncPage[UserShort, UserPageEnvelope])
    assert_type([each async for each in client.relationships.follows("self")], list[UserShort])
    assert_type(await client.relationships.get("self"), Relationship)
    assert_type(await client.relationships.update("self", action="follow"), RelationshipChange)

    assert_type(await client.tags.search(q="snow"), AsyncPage[Tag, TagListEnvelope])
    assert_type([each async for each in client.tags.search(q="snow")], list[Tag])
    assert_type(await client.tags.get("snow"), Tag)
    assert_type(await client.tags.recent_media("snow"), AsyncPage[Media, TagMediaPageEnvelope])
    assert_type([each async for each in client.tags.recent_media("snow")], list[Media])

    assert_type(await client.users.search(q="snow"), AsyncPage[UserShort, UserListEnvelope])
    assert_type([each async for each in client.users.search(q="snow")], list[UserShort])
    assert_type(await client.users.feed(), AsyncPage[Media, MediaPageEnvelope])
    assert_type([each async for each in client.users.feed()], list[Media])
    assert_type(await client.users.liked_media(), AsyncPage[Media, LikedMediaPageEnvelope])
    assert_type([each async for each in client.users.liked_media()], list[Media])
    assert_type(await client.users.get("self"), User)
    assert_type(await client.users.recent_media("self"), AsyncPage[Media, MediaPageEnvelope])
    assert_type([each async for each in client.users.recent_media("self")], list[Media])

    assert_type(
        await client.subscriptions.create(object="user", callback_url="https://app.test/"),
        Subscription,
    )
    assert_type(await client.subscriptions.delete(), None)
    assert_type(await client.subscriptions.list(), AsyncPage[Subscription, SubscriptionListEnvelope])
    assert_type([each async for each in client.subscriptions.list()], list[Subscription])

    assert_type(await client.oauth.exchange_code(redirect_uri="https://app.test/", code="C"), Token)

    assert_type(await client.oembed.get(url="https://instagram.com/p/x/"), Embed)
    assert_type(await client.oembed.media_url("-m4sYTgBwB"), str)
    assert_type(client.oauth.authorize_url("https://app.test/", scope="likes basic"), str)
    assert_type(client.oauth.code_from_redirect("https://app.test/?code=C"), str)


async def asynchronous_raw(client: AsyncInstagram) -> None:
    assert_type(
        await client.comments.with_raw_response.create(MEDIA, text="Lovely light"),
        RawResponse[Comment | None],
    )
    assert_type(await client.comments.with_raw_response.delete(MEDIA, "3"), RawResponse[None])
    assert_type(
        await client.comments.with_raw_response.list(MEDIA),
        RawResponse[AsyncPage[Comment, CommentListEnvelope]],
    )
    assert_type(
        await client.geographies.with_raw_response.recent_media("501"),
        RawResponse[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(await client.likes.with_raw_response.create(MEDIA), RawResponse[None])
    assert_type(await client.likes.with_raw_response.delete(MEDIA), RawResponse[None])
    assert_type(
        await client.likes.with_raw_response.list(MEDIA), RawResponse[AsyncPage[UserShort, UserListEnvelope]]
    )
    assert_type(
        await client.locations.with_raw_response.search(),
        RawResponse[AsyncPage[Location, LocationListEnvelope]],
    )
    assert_type(await client.locations.with_raw_response.get("301"), RawResponse[Location])
    assert_type(
        await client.locations.with_raw_response.recent_media("301"),
        RawResponse[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        await client.media.with_raw_response.popular(), RawResponse[AsyncPage[Media, MediaListEnvelope]]
    )
    assert_type(
        await client.media.with_raw_response.search(lat=48.9, lng=2.3),
        RawResponse[AsyncPage[Media, MediaListEnvelope]],
    )
    assert_type(await client.media.with_raw_response.get_by_shortcode("-m4sYTgBwB"), RawResponse[Media])
    assert_type(await client.media.with_raw_response.get(MEDIA), RawResponse[Media])
    assert_type(
        await client.relationships.with_raw_response.requested_by(),
        RawResponse[AsyncPage[UserShort, UserListEnvelope]],
    )
    assert_type(
        await client.relationships.with_raw_response.followed_by("self"),
        RawResponse[AsyncPage[UserShort, UserPageEnvelope]],
    )
    assert_type(
        await client.relationships.with_raw_response.follows("self"),
        RawResponse[AsyncPage[UserShort, UserPageEnvelope]],
    )
    assert_type(await client.relationships.with_raw_response.get("self"), RawResponse[Relationship])
    assert_type(
        await client.relationships.with_raw_response.update("self", action="follow"),
        RawResponse[RelationshipChange],
    )
    assert_type(
        await client.tags.with_raw_response.search(q="snow"), RawResponse[AsyncPage[Tag, TagListEnvelope]]
    )
    assert_type(await client.tags.with_raw_response.get("snow"), RawResponse[Tag])
    assert_type(
        await client.tags.with_raw_response.recent_media("snow"),
        RawResponse[AsyncPage[Media, TagMediaPageEnvelope]],
    )
    assert_type(
        await client.users.with_raw_response.search(q="snow"),
        RawResponse[AsyncPage[UserShort, UserListEnvelope]],
    )
    assert_type(await client.users.with_raw_response.feed(), RawResponse[AsyncPage[Media, MediaPageEnvelope]])
    assert_type(
        await client.users.with_raw_response.liked_media(),
        RawResponse[AsyncPage[Media, LikedMediaPageEnvelope]],
    )
    assert_type(await client.users.with_raw_response.get("self"), RawResponse[User])
    assert_type(
        await client.users.with_raw_response.recent_media("self"),
        RawResponse[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        await client.subscriptions.with_raw_response.create(
            object="user", aspect="media", callback_url="https://app.test/"
        ),
        RawResponse[Subscription],
    )
    assert_type(await client.subscriptions.with_raw_response.delete(), RawResponse[None])
    assert_type(
        await client.subscriptions.with_raw_response.list(),
        RawResponse[AsyncPage[Subscription, SubscriptionListEnvelope]],
    )
    assert_type(
        await client.oauth.with_raw_response.exchange_code(redirect_uri="https://app.test/", code="C"),
        RawResponse[Token],
    )
    assert_type(
        await client.oembed.with_raw_response.get(url="https://instagram.com/p/x/"), RawResponse[Embed]
    )
    assert_type(await client.oembed.with_raw_response.media_url("-m4sYTgBwB"), RawResponse[str])


def asynchronous_streaming(client: AsyncInstagram) -> None:
    assert_type(
        client.comments.with_streaming_response.create(MEDIA, text="Lovely light"),
        AsyncOpened[Comment | None],
    )
    assert_type(
        client.comments.with_streaming_response.delete(MEDIA, "3"),
        AsyncOpened[None],
    )
    assert_type(
        client.comments.with_streaming_response.list(MEDIA),
        AsyncOpened[AsyncPage[Comment, CommentListEnvelope]],
    )
    assert_type(
        client.geographies.with_streaming_response.recent_media("501"),
        AsyncOpened[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.likes.with_streaming_response.create(MEDIA),
        AsyncOpened[None],
    )
    assert_type(
        client.likes.with_streaming_response.delete(MEDIA),
        AsyncOpened[None],
    )
    assert_type(
        client.likes.with_streaming_response.list(MEDIA),
        AsyncOpened[AsyncPage[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.locations.with_streaming_response.search(),
        AsyncOpened[AsyncPage[Location, LocationListEnvelope]],
    )
    assert_type(
        client.locations.with_streaming_response.get("301"),
        AsyncOpened[Location],
    )
    assert_type(
        client.locations.with_streaming_response.recent_media("301"),
        AsyncOpened[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.popular(),
        AsyncOpened[AsyncPage[Media, MediaListEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.search(lat=48.9, lng=2.3),
        AsyncOpened[AsyncPage[Media, MediaListEnvelope]],
    )
    assert_type(
        client.media.with_streaming_response.get_by_shortcode("-m4sYTgBwB"),
        AsyncOpened[Media],
    )
    assert_type(
        client.media.with_streaming_response.get(MEDIA),
        AsyncOpened[Media],
    )
    assert_type(
        client.relationships.with_streaming_response.requested_by(),
        AsyncOpened[AsyncPage[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.followed_by("self"),
        AsyncOpened[AsyncPage[UserShort, UserPageEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.follows("self"),
        AsyncOpened[AsyncPage[UserShort, UserPageEnvelope]],
    )
    assert_type(
        client.relationships.with_streaming_response.get("self"),
        AsyncOpened[Relationship],
    )
    assert_type(
        client.relationships.with_streaming_response.update("self", action="follow"),
        AsyncOpened[RelationshipChange],
    )
    assert_type(
        client.tags.with_streaming_response.search(q="snow"),
        AsyncOpened[AsyncPage[Tag, TagListEnvelope]],
    )
    assert_type(
        client.tags.with_streaming_response.get("snow"),
        AsyncOpened[Tag],
    )
    assert_type(
        client.tags.with_streaming_response.recent_media("snow"),
        AsyncOpened[AsyncPage[Media, TagMediaPageEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.search(q="snow"),
        AsyncOpened[AsyncPage[UserShort, UserListEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.feed(),
        AsyncOpened[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.liked_media(),
        AsyncOpened[AsyncPage[Media, LikedMediaPageEnvelope]],
    )
    assert_type(
        client.users.with_streaming_response.get("self"),
        AsyncOpened[User],
    )
    assert_type(
        client.users.with_streaming_response.recent_media("self"),
        AsyncOpened[AsyncPage[Media, MediaPageEnvelope]],
    )
    assert_type(
        client.subscriptions.with_streaming_response.create(
            object="user", aspect="media", callback_url="https://app.test/"
        ),
        AsyncOpened[Subscription],
    )
    assert_type(
        client.subscriptions.with_streaming_response.delete(),
        AsyncOpened[None],
    )
    assert_type(
        client.subscriptions.with_streaming_response.list(),
        AbstractAsyncContextManager[
            AsyncStreamingResponse[AsyncPage[Subscription, SubscriptionListEnvelope]]
        ],
    )
    assert_type(
        client.oauth.with_streaming_response.exchange_code(redirect_uri="https://app.test/", code="C"),
        AsyncOpened[Token],
    )
    assert_type(
        client.oembed.with_streaming_response.get(url="https://instagram.com/p/x/"),
        AsyncOpened[Embed],
    )
    assert_type(
        client.oembed.with_streaming_response.media_url("-m4sYTgBwB"),
        AsyncOpened[str],
    )


def pages(client: Instagram) -> None:
    page = client.users.recent_media("self", count=5)
    assert_type(page.data, list[Media])
    assert_type(page.envelope, MediaPageEnvelope)
    assert_type(page.envelope.pagination, Pagination | Unset)
    assert_type(page.has_next_page(), bool)
    assert_type(page.next_page(), Page[Media, MediaPageEnvelope])
    assert_type(list(page.pages()), list[Page[Media, MediaPageEnvelope]])
    for media in page:
        assert_type(media, Media)


async def asynchronous_pages(client: AsyncInstagram) -> None:
    paginator = client.users.recent_media("self", count=5)
    assert_type(paginator, AsyncPaginator[Media, MediaPageEnvelope])
    assert_type([each async for each in paginator.pages()], list[AsyncPage[Media, MediaPageEnvelope]])
    page = await paginator
    assert_type(page.data, list[Media])
    assert_type(page.envelope, MediaPageEnvelope)
    assert_type(page.has_next_page(), bool)
    assert_type(await page.next_page(), AsyncPage[Media, MediaPageEnvelope])
    assert_type([each async for each in page.pages()], list[AsyncPage[Media, MediaPageEnvelope]])
    async for media in page:
        assert_type(media, Media)


def raw_answers(client: Instagram) -> None:
    answer = client.media.with_raw_response.get(MEDIA)
    assert_type(answer.status_code, int)
    assert_type(answer.headers, httpx2.Headers)
    assert_type(answer.rate_limit, RateLimit)
    assert_type(answer.rate_limit.limit, int | None)
    assert_type(answer.rate_limit.remaining, int | None)
    assert_type(answer.content, bytes)
    assert_type(answer.http_response, httpx2.Response)
    assert_type(answer.request_id, str | None)
    assert_type(answer.parse(), Media)


def streamed(client: Instagram, path: Path) -> None:
    with client.media.with_streaming_response.get(MEDIA) as answer:
        assert_type(answer, StreamingResponse[Media])
        assert_type(answer.status_code, int)
        assert_type(answer.headers, httpx2.Headers)
        assert_type(answer.rate_limit, RateLimit)
        assert_type(answer.request_id, str | None)
        assert_type(answer.http_response, httpx2.Response)
        assert_type(answer.iter_bytes(), Iterator[bytes])
        assert_type(answer.iter_text(), Iterator[str])
        assert_type(answer.iter_lines(), Iterator[str])
        assert_type(answer.read(), bytes)
        assert_type(answer.write_to_file(path), None)
        assert_type(answer.parse(), Media)


async def streamed_asynchronously(client: AsyncInstagram, path: Path) -> None:
    async with client.media.with_streaming_response.get(MEDIA) as answer:
        assert_type(answer, AsyncStreamingResponse[Media])
        assert_type(answer.iter_bytes(1024), AsyncIterator[bytes])
        assert_type(answer.iter_text(), AsyncIterator[str])
        assert_type(answer.iter_lines(), AsyncIterator[str])
        assert_type(await answer.read(), bytes)
        assert_type(await answer.write_to_file(str(path)), None)
        assert_type(await answer.parse(), Media)


def items(stream: Stream[Media]) -> None:
    with stream as entered:
        assert_type(entered, Stream[Media])
        assert_type(list(stream), list[Media])
        assert_type(next(stream), Media)
        assert_type(stream.http_response, httpx2.Response)
    assert_type(stream.close(), None)


async def items_asynchronously(stream: AsyncStream[Media]) -> None:
    async with stream as entered:
        assert_type(entered, AsyncStream[Media])
        assert_type([item async for item in stream], list[Media])
        assert_type(await anext(stream), Media)
        assert_type(stream.http_response, httpx2.Response)
    assert_type(await stream.close(), None)


def options(client: Instagram) -> None:
    extra: ExtraOptions = {"extra_headers": {"X-A": "1", "X-B": None}, "extra_query": {"a": [1, 2]}}
    every: RequestOptions = {**extra, "extra_body": {"a": {}}, "timeout": 1.5, "max_retries": 0}
    assert_type(client.media.get(MEDIA, **every), Media)
    assert_type(client.media.get(MEDIA, timeout=httpx2.Timeout(5)), Media)
    assert_type(client.media.with_raw_response.get(MEDIA, max_retries=1), RawResponse[Media])
    assert_type(client.with_options(default_headers={"X-A": None}, default_query={"a": 1}), Instagram)


def values(client: Instagram) -> None:
    assert_type(UNSET, Unset)
    media = client.media.get(MEDIA)
    assert_type(media.type_, MediaType)
    assert_type(media.link, str | None)
    assert_type(media.user_has_liked, bool | Unset)
    if not isinstance(media.user_has_liked, Unset):
        assert_type(media.user_has_liked, bool)
    if media.likes:
        assert_type(media.likes.count, int)
    relationship = client.relationships.get("1002")
    assert_type(relationship.outgoing_status, OutgoingStatus)
    assert_type(relationship.incoming_status, IncomingStatus)
    if relationship.outgoing_status == "follows":
        assert_type(relationship.outgoing_status, Literal["follows"])


def made(transport: httpx2.BaseTransport) -> None:
    client = Instagram(
        access_token="T",
        client_id="I",
        client_secret="S",
        base_url="https://instagram.test/v1",
        timeout=httpx2.Timeout(5),
        max_retries=3,
        strict=True,
        transport=transport,
    )
    assert_type(client.with_options(timeout=2.5, max_retries=0), Instagram)
    assert_type(client.close(), None)
    with Instagram(http_client=httpx2.Client()) as opened:
        assert_type(opened, Instagram)


async def made_asynchronous(transport: httpx2.AsyncBaseTransport) -> None:
    client = AsyncInstagram(
        access_token="T",
        client_id="I",
        client_secret="S",
        base_url="https://instagram.test/v1",
        timeout=5,
        max_retries=3,
        strict=True,
        transport=transport,
    )
    assert_type(client.with_options(timeout=2.5, max_retries=0), AsyncInstagram)
    assert_type(await client.close(), None)
    async with AsyncInstagram(http_client=httpx2.AsyncClient()) as opened:
        assert_type(opened, AsyncInstagram)


def failures(client: Instagram) -> None:
    try:
        client.media.get(MEDIA)
    except (
        BadRequestError,
        AuthenticationError,
        PermissionDeniedError,
        NotFoundError,
        ConflictError,
        UnprocessableEntityError,
        RateLimitError,
        InternalServerError,
        StreamError,
    ) as error:
        said: APIStatusError = error
        assert_type(said.status_code, int)
        assert_type(said.error_type, str | None)
        assert_type(said.error_message, str | None)
        assert_type(said.code, str | None)
        assert_type(said.request_id, str | None)
        whole: object = (said.body, said.parsed)
        assert_type(str(whole), str)
        assert_type(said.hint, str | None)
        assert_type(said.response, httpx2.Response)
        assert_type(said.rate_limit, RateLimit)
    except PaginationError as error:
        unreadable: ResponseFormatError = error
        assert_type(unreadable.status_code, int)
        assert_type(unreadable.snippet, str)
        assert_type(unreadable.response, httpx2.Response)
    except RuleError as error:
        refused: ValueError = error
        assert_type(error.parameter, str)
        assert_type(error.rule, str)
        assert_type(error.message, str)
        raise refused from None
    except AuthorizationError as error:
        assert_type(error.error, str)
        assert_type(error.reason, str | None)
        assert_type(error.description, str | None)
    except APITimeoutError as error:
        unreachable: APIConnectionError = error
        raise unreachable from None
    except (MissingCredentialError, WebhookSignatureError) as error:
        whatever: InstagramError = error
        raise whatever from None


def identifiers_and_webhooks(body: bytes, signature: str | None) -> None:
    assert_type(ids.media_id.number(MEDIA), int)
    assert_type(ids.media_id.to_short(MEDIA), str)
    assert_type(ids.media_id.from_short("-m4sYTgBwB"), str)
    assert_type(ids.media_id.created_at(MEDIA), datetime.datetime)
    assert_type(webhooks.media_changed(body, signature, client_secret="S"), list[Change])


def mistakes(client: Instagram) -> None:
    from instagram_client import Stranger  # type: ignore[attr-defined]

    Stranger()
    client.stories  # type: ignore[attr-defined]
    client.media.remove(MEDIA)  # type: ignore[attr-defined]
    client.media.get(1127838097061452801)  # type: ignore[arg-type]
    client.comments.create(MEDIA)  # type: ignore[call-arg]
    client.comments.create(MEDIA, "Lovely light")  # type: ignore[call-arg]
    client.relationships.update("1002", action="deny")  # type: ignore[arg-type]
    client.users.recent_media("self", count="5")  # type: ignore[arg-type]
    client.users.get("self", tiemout=5)  # type: ignore[call-arg]
    client.users.get("self", extra_headers={"X-A": 1})  # type: ignore[dict-item]
    client.users.get("self").data  # type: ignore[attr-defined]
    client.with_raw_response  # type: ignore[attr-defined]
    instagram_client.Stranger  # type: ignore[attr-defined]
    Instagram("T")  # type: ignore[call-arg]
    Instagram(transport=httpx2.AsyncHTTPTransport())  # type: ignore[arg-type]


async def asynchronous_mistakes(client: AsyncInstagram) -> None:
    for media in client.users.recent_media("self"):  # type: ignore[attr-defined]
        media.link
    client.media.get(MEDIA).link  # type: ignore[attr-defined]
    AsyncInstagram(http_client=httpx2.Client())  # type: ignore[arg-type]
