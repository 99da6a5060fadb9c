"""Each method as a call that is not sent yet, shared by both clients and by raw responses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _endpoints
from ._runtime import responses as _responses
from ._runtime.endpoints import Call, ListCall
from ._runtime.rules import check as _check
from ._runtime.stock import message as _stock_message
from ._runtime.unset import UNSET, Unset

if TYPE_CHECKING:
    from .models.comment import Comment
    from .models.comment_list_envelope import CommentListEnvelope
    from .models.delete_subscriptions_object import (
        DeleteSubscriptionsObject,
    )
    from .models.embed import Embed
    from .models.liked_media_page_envelope import LikedMediaPageEnvelope
    from .models.location import Location
    from .models.location_list_envelope import LocationListEnvelope
    from .models.media import Media
    from .models.media_list_envelope import MediaListEnvelope
    from .models.media_page_envelope import MediaPageEnvelope
    from .models.redirect_to_media_size import (
        RedirectToMediaSize,
    )
    from .models.relationship import Relationship
    from .models.relationship_action import (
        RelationshipAction,
    )
    from .models.relationship_change import RelationshipChange
    from .models.subscription import Subscription
    from .models.subscription_form_aspect import (
        SubscriptionFormAspect,
    )
    from .models.subscription_list_envelope import SubscriptionListEnvelope
    from .models.subscription_object import (
        SubscriptionObject,
    )
    from .models.tag import Tag
    from .models.tag_list_envelope import TagListEnvelope
    from .models.tag_media_page_envelope import TagMediaPageEnvelope
    from .models.token import Token
    from .models.token_form_grant_type import (
        TokenFormGrantType,
    )
    from .models.user import User
    from .models.user_list_envelope import UserListEnvelope
    from .models.user_page_envelope import UserPageEnvelope
    from .models.user_short import UserShort


def comments_create(media_id: str, *, text: str) -> Call[Comment | None]:
    from .api.comments.create_comment import _get_kwargs, _parse_response
    from .models.comment_form import CommentForm

    _check("text", text, _endpoints.COMMENTS_CREATE_TEXT_RULES)
    return Call(
        _endpoints.COMMENTS_CREATE,
        _stock_message(
            _endpoints.COMMENTS_CREATE,
            _get_kwargs(
                media_id=media_id,
                body=CommentForm(text=text),
            ),
        ),
        _parse_response,
    )


def comments_delete(media_id: str, comment_id: str) -> Call[None]:
    from .api.comments.delete_comment import _get_kwargs, _parse_response

    return Call(
        _endpoints.COMMENTS_DELETE,
        _stock_message(
            _endpoints.COMMENTS_DELETE,
            _get_kwargs(
                media_id=media_id,
                comment_id=comment_id,
            ),
        ),
        _parse_response,
    )


def comments_list(media_id: str) -> ListCall[Comment, CommentListEnvelope]:
    from .api.comments.list_comments import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.COMMENTS_LIST,
        _stock_message(
            _endpoints.COMMENTS_LIST,
            _get_kwargs(
                media_id=media_id,
            ),
        ),
        _parse_response,
    )


def geographies_recent_media(
    geo_id: str, *, count: int | Unset = UNSET, min_id: str | Unset = UNSET
) -> ListCall[Media, MediaPageEnvelope]:
    from .api.geographies.list_geography_recent_media import (
        _get_kwargs,
        _parse_response,
    )

    return ListCall(
        _endpoints.GEOGRAPHIES_RECENT_MEDIA,
        _stock_message(
            _endpoints.GEOGRAPHIES_RECENT_MEDIA,
            _get_kwargs(
                geo_id=geo_id,
                count=count,
                min_id=min_id,
            ),
        ),
        _parse_response,
    )


def likes_create(media_id: str) -> Call[None]:
    from .api.likes.like_media import _get_kwargs, _parse_response

    return Call(
        _endpoints.LIKES_CREATE,
        _stock_message(
            _endpoints.LIKES_CREATE,
            _get_kwargs(
                media_id=media_id,
            ),
        ),
        _parse_response,
    )


def likes_delete(media_id: str) -> Call[None]:
    from .api.likes.unlike_media import _get_kwargs, _parse_response

    return Call(
        _endpoints.LIKES_DELETE,
        _stock_message(
            _endpoints.LIKES_DELETE,
            _get_kwargs(
                media_id=media_id,
            ),
        ),
        _parse_response,
    )


def likes_list(media_id: str) -> ListCall[UserShort, UserListEnvelope]:
    from .api.likes.list_likes import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.LIKES_LIST,
        _stock_message(
            _endpoints.LIKES_LIST,
            _get_kwargs(
                media_id=media_id,
            ),
        ),
        _parse_response,
    )


def locations_search(
    *,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> ListCall[Location, LocationListEnvelope]:
    from .api.locations.search_locations import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.LOCATIONS_SEARCH,
        _stock_message(
            _endpoints.LOCATIONS_SEARCH,
            _get_kwargs(
                lat=lat,
                lng=lng,
                distance=distance,
                facebook_places_id=facebook_places_id,
                foursquare_v2_id=foursquare_v2_id,
                foursquare_id=foursquare_id,
            ),
        ),
        _parse_response,
    )


def locations_get(location_id: str) -> Call[Location]:
    from .api.locations.get_location import _get_kwargs, _parse_response

    return Call(
        _endpoints.LOCATIONS_GET,
        _stock_message(
            _endpoints.LOCATIONS_GET,
            _get_kwargs(
                location_id=location_id,
            ),
        ),
        _parse_response,
    )


def locations_recent_media(
    location_id: str,
    *,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
) -> ListCall[Media, MediaPageEnvelope]:
    from .api.locations.list_location_recent_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.LOCATIONS_RECENT_MEDIA,
        _stock_message(
            _endpoints.LOCATIONS_RECENT_MEDIA,
            _get_kwargs(
                location_id=location_id,
                min_timestamp=min_timestamp,
                max_timestamp=max_timestamp,
                min_id=min_id,
                max_id=max_id,
            ),
        ),
        _parse_response,
    )


def media_popular() -> ListCall[Media, MediaListEnvelope]:
    from .api.media.list_popular_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.MEDIA_POPULAR,
        _stock_message(
            _endpoints.MEDIA_POPULAR,
            _get_kwargs(),
        ),
        _parse_response,
    )


def media_search(
    *,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> ListCall[Media, MediaListEnvelope]:
    from .api.media.search_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.MEDIA_SEARCH,
        _stock_message(
            _endpoints.MEDIA_SEARCH,
            _get_kwargs(
                lat=lat,
                lng=lng,
                min_timestamp=min_timestamp,
                max_timestamp=max_timestamp,
                distance=distance,
            ),
        ),
        _parse_response,
    )


def media_get_by_shortcode(shortcode: str) -> Call[Media]:
    from .api.media.get_media_by_shortcode import _get_kwargs, _parse_response

    return Call(
        _endpoints.MEDIA_GET_BY_SHORTCODE,
        _stock_message(
            _endpoints.MEDIA_GET_BY_SHORTCODE,
            _get_kwargs(
                shortcode=shortcode,
            ),
        ),
        _parse_response,
    )


def media_get(media_id: str) -> Call[Media]:
    from .api.media.get_media import _get_kwargs, _parse_response

    return Call(
        _endpoints.MEDIA_GET,
        _stock_message(
            _endpoints.MEDIA_GET,
            _get_kwargs(
                media_id=media_id,
            ),
        ),
        _parse_response,
    )


def relationships_requested_by() -> ListCall[UserShort, UserListEnvelope]:
    from .api.relationships.list_requested_by import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.RELATIONSHIPS_REQUESTED_BY,
        _stock_message(
            _endpoints.RELATIONSHIPS_REQUESTED_BY,
            _get_kwargs(),
        ),
        _parse_response,
    )


def relationships_followed_by(
    user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
) -> ListCall[UserShort, UserPageEnvelope]:
    from .api.relationships.list_followed_by import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.RELATIONSHIPS_FOLLOWED_BY,
        _stock_message(
            _endpoints.RELATIONSHIPS_FOLLOWED_BY,
            _get_kwargs(
                user_id=user_id,
                count=count,
                cursor=cursor,
            ),
        ),
        _parse_response,
    )


def relationships_follows(
    user_id: str, *, count: int | Unset = UNSET, cursor: str | Unset = UNSET
) -> ListCall[UserShort, UserPageEnvelope]:
    from .api.relationships.list_follows import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.RELATIONSHIPS_FOLLOWS,
        _stock_message(
            _endpoints.RELATIONSHIPS_FOLLOWS,
            _get_kwargs(
                user_id=user_id,
                count=count,
                cursor=cursor,
            ),
        ),
        _parse_response,
    )


def relationships_get(user_id: str) -> Call[Relationship]:
    from .api.relationships.get_relationship import _get_kwargs, _parse_response

    return Call(
        _endpoints.RELATIONSHIPS_GET,
        _stock_message(
            _endpoints.RELATIONSHIPS_GET,
            _get_kwargs(
                user_id=user_id,
            ),
        ),
        _parse_response,
    )


def relationships_update(user_id: str, *, action: RelationshipAction) -> Call[RelationshipChange]:
    from .api.relationships.update_relationship import _get_kwargs, _parse_response
    from .models.relationship_form import RelationshipForm

    return Call(
        _endpoints.RELATIONSHIPS_UPDATE,
        _stock_message(
            _endpoints.RELATIONSHIPS_UPDATE,
            _get_kwargs(
                user_id=user_id,
                body=RelationshipForm(action=action),
            ),
        ),
        _parse_response,
    )


def tags_search(*, q: str) -> ListCall[Tag, TagListEnvelope]:
    from .api.tags.search_tags import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.TAGS_SEARCH,
        _stock_message(
            _endpoints.TAGS_SEARCH,
            _get_kwargs(
                q=q,
            ),
        ),
        _parse_response,
    )


def tags_get(tag_name: str) -> Call[Tag]:
    from .api.tags.get_tag import _get_kwargs, _parse_response

    return Call(
        _endpoints.TAGS_GET,
        _stock_message(
            _endpoints.TAGS_GET,
            _get_kwargs(
                tag_name=tag_name,
            ),
        ),
        _parse_response,
    )


def tags_recent_media(
    tag_name: str,
    *,
    count: int | Unset = UNSET,
    min_tag_id: str | Unset = UNSET,
    max_tag_id: str | Unset = UNSET,
) -> ListCall[Media, TagMediaPageEnvelope]:
    from .api.tags.list_tag_recent_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.TAGS_RECENT_MEDIA,
        _stock_message(
            _endpoints.TAGS_RECENT_MEDIA,
            _get_kwargs(
                tag_name=tag_name,
                count=count,
                min_tag_id=min_tag_id,
                max_tag_id=max_tag_id,
            ),
        ),
        _parse_response,
    )


def users_search(*, q: str, count: int | Unset = UNSET) -> ListCall[UserShort, UserListEnvelope]:
    from .api.users.search_users import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.USERS_SEARCH,
        _stock_message(
            _endpoints.USERS_SEARCH,
            _get_kwargs(
                q=q,
                count=count,
            ),
        ),
        _parse_response,
    )


def users_feed(
    *, count: int | Unset = UNSET, min_id: str | Unset = UNSET, max_id: str | Unset = UNSET
) -> ListCall[Media, MediaPageEnvelope]:
    from .api.users.get_feed import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.USERS_FEED,
        _stock_message(
            _endpoints.USERS_FEED,
            _get_kwargs(
                count=count,
                min_id=min_id,
                max_id=max_id,
            ),
        ),
        _parse_response,
    )


def users_liked_media(
    *, count: int | Unset = UNSET, max_like_id: str | Unset = UNSET
) -> ListCall[Media, LikedMediaPageEnvelope]:
    from .api.users.list_liked_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.USERS_LIKED_MEDIA,
        _stock_message(
            _endpoints.USERS_LIKED_MEDIA,
            _get_kwargs(
                count=count,
                max_like_id=max_like_id,
            ),
        ),
        _parse_response,
    )


def users_get(user_id: str) -> Call[User]:
    from .api.users.get_user import _get_kwargs, _parse_response

    return Call(
        _endpoints.USERS_GET,
        _stock_message(
            _endpoints.USERS_GET,
            _get_kwargs(
                user_id=user_id,
            ),
        ),
        _parse_response,
    )


def users_recent_media(
    user_id: str,
    *,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> ListCall[Media, MediaPageEnvelope]:
    from .api.users.list_user_recent_media import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.USERS_RECENT_MEDIA,
        _stock_message(
            _endpoints.USERS_RECENT_MEDIA,
            _get_kwargs(
                user_id=user_id,
                count=count,
                min_id=min_id,
                max_id=max_id,
                min_timestamp=min_timestamp,
                max_timestamp=max_timestamp,
            ),
        ),
        _parse_response,
    )


def subscriptions_create(
    *,
    object: SubscriptionObject,
    callback_url: str,
    aspect: SubscriptionFormAspect = "media",
    verify_token: str | Unset = UNSET,
    object_id: str | Unset = UNSET,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    radius: int | Unset = UNSET,
) -> Call[Subscription]:
    from .api.subscriptions.create_subscription import _get_kwargs, _parse_response
    from .models.subscription_form import SubscriptionForm

    return Call(
        _endpoints.SUBSCRIPTIONS_CREATE,
        _stock_message(
            _endpoints.SUBSCRIPTIONS_CREATE,
            _get_kwargs(
                body=SubscriptionForm(
                    client_id="",
                    client_secret="",
                    object_=object,
                    aspect=aspect,
                    callback_url=callback_url,
                    verify_token=verify_token,
                    object_id=object_id,
                    lat=lat,
                    lng=lng,
                    radius=radius,
                ),
            ),
        ),
        _parse_response,
    )


def subscriptions_delete(
    *, id: str | Unset = UNSET, object: DeleteSubscriptionsObject | Unset = UNSET
) -> Call[None]:
    from .api.subscriptions.delete_subscriptions import _get_kwargs, _parse_response

    return Call(
        _endpoints.SUBSCRIPTIONS_DELETE,
        _stock_message(
            _endpoints.SUBSCRIPTIONS_DELETE,
            _get_kwargs(
                id=id,
                object_=object,
            ),
        ),
        _parse_response,
    )


def subscriptions_list() -> ListCall[Subscription, SubscriptionListEnvelope]:
    from .api.subscriptions.list_subscriptions import _get_kwargs, _parse_response

    return ListCall(
        _endpoints.SUBSCRIPTIONS_LIST,
        _stock_message(
            _endpoints.SUBSCRIPTIONS_LIST,
            _get_kwargs(),
        ),
        _parse_response,
    )


def oauth_exchange_code(
    *, redirect_uri: str, code: str, grant_type: TokenFormGrantType = "authorization_code"
) -> Call[Token]:
    from .api.oauth.exchange_code import _get_kwargs, _parse_response
    from .models.token_form import TokenForm

    return Call(
        _endpoints.OAUTH_EXCHANGE_CODE,
        _stock_message(
            _endpoints.OAUTH_EXCHANGE_CODE,
            _get_kwargs(
                body=TokenForm(
                    client_id="",
                    client_secret="",
                    grant_type=grant_type,
                    redirect_uri=redirect_uri,
                    code=code,
                ),
            ),
        ),
        _parse_response,
    )


def oembed_get(
    *,
    url: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> Call[Embed]:
    from .api.embedding.get_embed import _get_kwargs, _parse_response

    return Call(
        _endpoints.OEMBED_GET,
        _stock_message(
            _endpoints.OEMBED_GET,
            _get_kwargs(
                url_query=url,
                maxwidth=maxwidth,
                hidecaption=hidecaption,
                omitscript=omitscript,
            ),
        ),
        _parse_response,
    )


def oembed_media_url(shortcode: str, *, size: RedirectToMediaSize | Unset = UNSET) -> Call[str]:
    from .api.embedding.redirect_to_media import _get_kwargs

    return Call(
        _endpoints.OEMBED_MEDIA_URL,
        _stock_message(
            _endpoints.OEMBED_MEDIA_URL,
            _get_kwargs(
                shortcode=shortcode,
                size=size,
            ),
        ),
        _responses.location,
    )
