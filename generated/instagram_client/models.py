"""The objects of the API."""

from __future__ import annotations

from typing import Literal

from ._runtime.models import Model
from ._runtime.models import field as _field  # an attribute may have its name
from ._runtime.unset import UNSET, Unset

__all__ = [
    "Attribution",
    "BadRequest",
    "BadRequestFlatError",
    "BadRequestFlatErrorMeta",
    "BadRequestMetaError",
    "Caption",
    "CarouselItem",
    "Change",
    "ChangeData",
    "Comment",
    "CommentEnvelope",
    "CommentForm",
    "CommentListEnvelope",
    "CursorPagination",
    "DeleteSubscriptionsObject",
    "Embed",
    "EmptyEnvelope",
    "Envelope",
    "ErrorDetail",
    "FlatError",
    "Forbidden",
    "ForbiddenFlatError",
    "ForbiddenFlatErrorMeta",
    "ForbiddenMetaError",
    "Images",
    "IncomingStatus",
    "LikedMediaPageEnvelope",
    "LikedPagination",
    "Location",
    "LocationEnvelope",
    "LocationListEnvelope",
    "Media",
    "MediaComments",
    "MediaEnvelope",
    "MediaLikes",
    "MediaListEnvelope",
    "MediaLocation",
    "MediaPageEnvelope",
    "MediaType",
    "Meta",
    "MetaError",
    "NotFound",
    "NotFoundFlatError",
    "NotFoundFlatErrorMeta",
    "NotFoundMetaError",
    "OutgoingStatus",
    "Pagination",
    "Position",
    "RedirectToMediaSize",
    "Relationship",
    "RelationshipAction",
    "RelationshipChange",
    "RelationshipChangeEnvelope",
    "RelationshipEnvelope",
    "RelationshipForm",
    "Rendition",
    "Subscription",
    "SubscriptionEnvelope",
    "SubscriptionForm",
    "SubscriptionListEnvelope",
    "SubscriptionObject",
    "Tag",
    "TagEnvelope",
    "TagListEnvelope",
    "TagMediaPageEnvelope",
    "TagPagination",
    "Token",
    "TokenForm",
    "TokenOwner",
    "TooManyRequests",
    "TooManyRequestsFlatError",
    "TooManyRequestsFlatErrorMeta",
    "TooManyRequestsMetaError",
    "User",
    "UserCounts",
    "UserEnvelope",
    "UserInPhoto",
    "UserListEnvelope",
    "UserPageEnvelope",
    "UserReference",
    "UserShort",
    "Videos",
    "Model",
]


class CommentForm(Model):
    text: str
    """The text of a comment to post."""


class RelationshipForm(Model):
    action: RelationshipAction
    """What to do; `approve` and `ignore` respond to a request of the other user."""


class SubscriptionForm(Model):
    client_id: str
    """The app that sends the request."""
    client_secret: str = _field(secret=True)
    """The secret of that app."""
    object_: SubscriptionObject = _field(name="object")
    aspect: Literal["media"]
    """Always media."""
    verify_token: str | Unset = _field(default=UNSET, secret=True)
    """Sent back when the callback is verified."""
    callback_url: str
    """Where changes are sent."""
    object_id: str | Unset = UNSET
    """The name of a tag or the id of a location."""
    lat: float | Unset = UNSET
    """Latitude of the centre of a geography."""
    lng: float | Unset = UNSET
    """Longitude of the centre of a geography."""
    radius: int | Unset = UNSET
    """Radius of a geography in metres."""


class TokenForm(Model):
    client_id: str
    """The app that sends the request."""
    client_secret: str = _field(secret=True)
    """The secret of that app."""
    grant_type: Literal["authorization_code"]
    """Always authorization_code."""
    redirect_uri: str
    """The same as in the step before."""
    code: str = _field(secret=True)
    """The code of the step before; it works once."""


class Meta(Model):
    code: int
    """Repeats the status."""


class Envelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta


class MetaError(Model):
    """An error of an endpoint."""

    meta: ErrorDetail


class ErrorDetail(Model):
    code: int
    """Repeats the status."""
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class FlatError(Model):
    """An error of the OAuth endpoints, the signature check or the global rate limiter. Those of the endpoints, `API...`, never have this shape; only errors of rejected comments were published in it."""

    code: int
    """Repeats the status."""
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class UserShort(Model):
    """A user in a list. Responses from before 2012 may lack `full_name`."""

    id: str
    username: str
    full_name: str | Unset = UNSET
    profile_picture: str


class UserReference(Model):
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for persons in a photo, with `username` alone."""

    id: str | Unset = UNSET
    username: str
    full_name: str | Unset = UNSET
    profile_picture: str | Unset = UNSET


class User(Model):
    id: str
    username: str
    full_name: str
    profile_picture: str
    bio: str
    website: str
    """An address, or empty."""
    counts: UserCounts
    is_business: bool | Unset = UNSET
    """Since 2018."""


class UserCounts(Model):
    media: int
    follows: int
    followed_by: int


class Comment(Model):
    id: str
    created_time: str
    """Seconds since 1970-01-01T00:00:00Z, as a string of digits."""
    text: str
    from_: UserReference = _field(name="from")
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for persons in a photo, with `username` alone."""


class Caption(Model):
    id: str
    created_time: str
    """Seconds since 1970-01-01T00:00:00Z, as a string of digits."""
    text: str
    from_: UserReference = _field(name="from")
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for persons in a photo, with `username` alone."""


class Rendition(Model):
    """One size of an image or a video."""

    url: str
    width: int
    """In pixels."""
    height: int
    """In pixels."""


class Images(Model):
    thumbnail: Rendition
    """One size of an image or a video."""
    low_resolution: Rendition
    """One size of an image or a video."""
    standard_resolution: Rendition
    """One size of an image or a video."""


class Videos(Model):
    low_bandwidth: Rendition | Unset = UNSET
    """One size of an image or a video."""
    low_resolution: Rendition
    """One size of an image or a video."""
    standard_resolution: Rendition
    """One size of an image or a video."""


class Attribution(Model):
    """The app that posted."""

    name: str | Unset = UNSET
    website: str | None | Unset = UNSET
    itunes_url: str | None | Unset = UNSET


class MediaLocation(Model):
    """Where a media object was taken: a named place, or coordinates alone. Here the id is a number, elsewhere a string of digits."""

    id: int | str | Unset = UNSET
    name: str | Unset = UNSET
    latitude: float | Unset = UNSET
    longitude: float | Unset = UNSET


class Position(Model):
    x: float
    """Fraction of the width from the left."""
    y: float
    """Fraction of the height from the top."""


class UserInPhoto(Model):
    position: Position
    user: UserReference
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for persons in a photo, with `username` alone."""


class MediaComments(Model):
    count: int
    data: list[Comment] | Unset = UNSET
    """At most the 8 newest, oldest first; only for apps from before 2015-11-17."""


class MediaLikes(Model):
    count: int
    data: list[UserShort] | Unset = UNSET
    """A few of the users; only for apps from before 2015-11-17."""


class CarouselItem(Model):
    """One image or video of a carousel. It has no id, and a video no poster image."""

    type_: MediaType = _field(name="type")
    """carousel since 2017-04-18."""
    users_in_photo: list[UserInPhoto]
    images: Images | Unset = UNSET
    videos: Videos | Unset = UNSET


class Media(Model):
    """An image, a video or, since 2017, a carousel. `attribution`, `location`, `filter`, `users_in_photo`, `user_has_liked`, `comments` and `likes` are missing in a few recorded responses."""

    id: str
    """A 64-bit number that carries the time of creation, an underscore, the id of the owner."""
    type_: MediaType = _field(name="type")
    """carousel since 2017-04-18."""
    user: UserReference
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for persons in a photo, with `username` alone."""
    created_time: str
    """Seconds since 1970-01-01T00:00:00Z, as a string of digits."""
    link: str | None
    """The page of the post; null in a few old responses."""
    caption: Caption | None
    tags: list[str]
    """In lower case, without the leading \\#, in no particular order."""
    filter_: str | None | Unset = _field(default=UNSET, name="filter")
    """An open list: Normal, Clarendon, Juno, X-Pro II and more."""
    attribution: Attribution | None | Unset = UNSET
    location: MediaLocation | None | Unset = UNSET
    users_in_photo: list[UserInPhoto] | Unset = UNSET
    user_has_liked: bool | Unset = UNSET
    """Whether the owner of the token likes it."""
    comments: MediaComments | Unset = UNSET
    likes: MediaLikes | Unset = UNSET
    images: Images
    videos: Videos | Unset = UNSET
    carousel_media: list[CarouselItem] | Unset = UNSET
    distance: float | Unset = UNSET
    """Metres from the centre of a search by place."""


class Location(Model):
    """A place. The id is a string of digits; a number in old responses."""

    id: int | str
    name: str
    latitude: float
    longitude: float


class Tag(Model):
    name: str
    media_count: int


class Relationship(Model):
    outgoing_status: OutgoingStatus
    """What the owner of the token is to the other user."""
    incoming_status: IncomingStatus
    """What the other user is to the owner of the token."""
    target_user_is_private: bool | Unset = UNSET


class RelationshipChange(Model):
    outgoing_status: OutgoingStatus
    """What the owner of the token is to the other user."""
    incoming_status: IncomingStatus | Unset = UNSET
    """What the other user is to the owner of the token."""


class Subscription(Model):
    id: str
    type_: str = _field(name="type")
    object_: SubscriptionObject = _field(name="object")
    object_id: str | None | Unset = UNSET
    aspect: str
    callback_url: str


class ChangeData(Model):
    media_id: str | Unset = UNSET
    """A 64-bit number that carries the time of creation, an underscore, the id of the owner."""


class Change(Model):
    """One change that a subscription reports."""

    changed_aspect: str
    object_: SubscriptionObject = _field(name="object")
    object_id: str
    time: int
    """UNIX seconds."""
    subscription_id: int | str
    data: ChangeData | Unset = UNSET


class TokenOwner(Model):
    id: str
    username: str
    full_name: str
    profile_picture: str
    bio: str | Unset = UNSET
    website: str | Unset = UNSET
    is_business: bool | Unset = UNSET
    """Since 2018."""


class Token(Model):
    access_token: str = _field(secret=True)
    user: TokenOwner


class Embed(Model):
    """An oEmbed description (oembed.com); early responses have the type photo and a `url`."""

    version: str
    type_: str = _field(name="type")
    provider_name: str
    provider_url: str
    title: str | Unset = UNSET
    author_id: int | str | Unset = UNSET
    author_name: str
    author_url: str | Unset = UNSET
    media_id: str
    """A 64-bit number that carries the time of creation, an underscore, the id of the owner."""
    url: str | Unset = UNSET
    html: str | Unset = UNSET
    width: int | Unset = UNSET
    height: int | None | Unset = UNSET
    thumbnail_url: str | Unset = UNSET
    thumbnail_width: int | Unset = UNSET
    thumbnail_height: int | Unset = UNSET


class Pagination(Model):
    """Where the next, older page is; empty on the last one."""

    next_url: str | Unset = UNSET
    """Complete, with the token inside."""
    next_max_id: str | Unset = UNSET
    """The max_id of the next page."""


class LikedPagination(Model):
    """Where the next, older page is; empty on the last one."""

    next_url: str | Unset = UNSET
    """Complete, with the token inside."""
    next_max_like_id: str | Unset = UNSET
    """The max_like_id of the next page."""
    next_max_id: str | Unset = UNSET
    """Documented in the reference; not observed on the wire."""


class CursorPagination(Model):
    """Where the next page is; empty on the last one."""

    next_url: str | Unset = UNSET
    """Complete, with the token inside."""
    next_cursor: str | Unset = UNSET
    """The cursor of the next page."""


class TagPagination(Model):
    """Where older and newer media are. On the last page `next_url`, `next_max_tag_id` and `next_max_id` are missing; without any media both ids that remain are empty."""

    next_url: str | Unset = UNSET
    """Complete, with the token inside."""
    next_max_tag_id: str | Unset = UNSET
    """The max_tag_id of the next page."""
    min_tag_id: str | Unset = UNSET
    """Requests newer media when sent as min_tag_id."""
    next_max_id: str | Unset = UNSET
    """Deprecated; the same as next_max_tag_id."""
    next_min_id: str | Unset = UNSET
    """Deprecated; the same as min_tag_id."""
    deprecation_warning: str | Unset = UNSET


class EmptyEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: None


class CommentEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Comment | None


class UserEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: User


class MediaEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Media
    """An image, a video or, since 2017, a carousel. `attribution`, `location`, `filter`, `users_in_photo`, `user_has_liked`, `comments` and `likes` are missing in a few recorded responses."""


class LocationEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Location
    """A place. The id is a string of digits; a number in old responses."""


class TagEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Tag


class RelationshipEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Relationship


class RelationshipChangeEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: RelationshipChange


class SubscriptionEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: Subscription


class CommentListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Comment]


class UserListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[UserShort]


class MediaListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Media]


class LocationListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Location]


class TagListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Tag]


class SubscriptionListEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Subscription]


class UserPageEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[UserShort]
    pagination: CursorPagination | Unset = UNSET
    """Where the next page is; empty on the last one."""


class MediaPageEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Media]
    pagination: Pagination | Unset = UNSET
    """Where the next, older page is; empty on the last one."""


class LikedMediaPageEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Media]
    pagination: LikedPagination | Unset = UNSET
    """Where the next, older page is; empty on the last one."""


class TagMediaPageEnvelope(Model):
    """What every successful response of an endpoint has."""

    meta: Meta
    data: list[Media]
    pagination: TagPagination | Unset = UNSET
    """Where older and newer media are. On the last page `next_url`, `next_max_tag_id` and `next_max_id` are missing; without any media both ids that remain are empty."""


class BadRequestMetaError(Model):
    """An error of an endpoint."""

    code: Literal[400] | Unset = UNSET
    meta: ErrorDetail


class BadRequestFlatError(Model):
    """An error of the OAuth endpoints, the signature check or the global rate limiter. Those of the endpoints, `API...`, never have this shape; only errors of rejected comments were published in it."""

    code: Literal[400]
    """Repeats the status."""
    meta: BadRequestFlatErrorMeta | Unset = UNSET
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class BadRequestFlatErrorMeta(Model):
    code: Literal[400] | Unset = UNSET


class ForbiddenMetaError(Model):
    """An error of an endpoint."""

    code: Literal[403] | Unset = UNSET
    meta: ErrorDetail


class ForbiddenFlatError(Model):
    """An error of the OAuth endpoints, the signature check or the global rate limiter. Those of the endpoints, `API...`, never have this shape; only errors of rejected comments were published in it."""

    code: Literal[403]
    """Repeats the status."""
    meta: ForbiddenFlatErrorMeta | Unset = UNSET
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class ForbiddenFlatErrorMeta(Model):
    code: Literal[403] | Unset = UNSET


class TooManyRequestsMetaError(Model):
    """An error of an endpoint."""

    code: Literal[429] | Unset = UNSET
    meta: ErrorDetail


class TooManyRequestsFlatError(Model):
    """An error of the OAuth endpoints, the signature check or the global rate limiter. Those of the endpoints, `API...`, never have this shape; only errors of rejected comments were published in it."""

    code: Literal[429]
    """Repeats the status."""
    meta: TooManyRequestsFlatErrorMeta | Unset = UNSET
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class TooManyRequestsFlatErrorMeta(Model):
    code: Literal[429] | Unset = UNSET


class NotFoundMetaError(Model):
    """An error of an endpoint."""

    code: Literal[404] | Unset = UNSET
    meta: ErrorDetail


class NotFoundFlatError(Model):
    """An error of the OAuth endpoints, the signature check or the global rate limiter. Those of the endpoints, `API...`, never have this shape; only errors of rejected comments were published in it."""

    code: Literal[404]
    """Repeats the status."""
    meta: NotFoundFlatErrorMeta | Unset = UNSET
    error_type: str
    """What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException, OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException, OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError, APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError. There may be others."""
    error_message: str
    """A sentence for the developer."""


class NotFoundFlatErrorMeta(Model):
    code: Literal[404] | Unset = UNSET


RelationshipAction = Literal["follow", "unfollow", "block", "unblock", "approve", "ignore"]
"""What to do; `approve` and `ignore` respond to a request of the other user."""

SubscriptionObject = Literal["user", "tag", "location", "geography"]

MediaType = Literal["image", "video", "carousel"]
"""carousel since 2017-04-18."""

OutgoingStatus = Literal["follows", "requested", "none"]
"""What the owner of the token is to the other user."""

IncomingStatus = Literal["followed_by", "requested_by", "blocked_by_you", "none"]
"""What the other user is to the owner of the token."""

BadRequest = BadRequestMetaError | BadRequestFlatError

Forbidden = ForbiddenMetaError | ForbiddenFlatError

TooManyRequests = TooManyRequestsMetaError | TooManyRequestsFlatError

NotFound = NotFoundMetaError | NotFoundFlatError

DeleteSubscriptionsObject = Literal["all", "user", "tag", "location", "geography"]
"""The kind of subscriptions to remove."""

RedirectToMediaSize = Literal["t", "m", "l"]
"""t: thumbnail, 150 pixels wide; m (when absent): 320; l: 640."""
