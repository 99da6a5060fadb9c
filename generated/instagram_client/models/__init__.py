"""Contains all the data models used in inputs/outputs"""

from .attribution import Attribution
from .caption import Caption
from .carousel_item import CarouselItem
from .change import Change
from .change_data import ChangeData
from .comment import Comment
from .comment_envelope import CommentEnvelope
from .comment_form import CommentForm
from .comment_list_envelope import CommentListEnvelope
from .cursor_pagination import CursorPagination
from .delete_subscriptions_object import DeleteSubscriptionsObject
from .embed import Embed
from .empty_envelope import EmptyEnvelope
from .envelope import Envelope
from .error_detail import ErrorDetail
from .flat_error import FlatError
from .images import Images
from .incoming_status import IncomingStatus
from .liked_media_page_envelope import LikedMediaPageEnvelope
from .liked_pagination import LikedPagination
from .location import Location
from .location_envelope import LocationEnvelope
from .location_list_envelope import LocationListEnvelope
from .media import Media
from .media_comments import MediaComments
from .media_envelope import MediaEnvelope
from .media_likes import MediaLikes
from .media_list_envelope import MediaListEnvelope
from .media_location import MediaLocation
from .media_page_envelope import MediaPageEnvelope
from .media_type import MediaType
from .meta import Meta
from .meta_error import MetaError
from .outgoing_status import OutgoingStatus
from .pagination import Pagination
from .position import Position
from .redirect_to_media_size import RedirectToMediaSize
from .relationship import Relationship
from .relationship_action import RelationshipAction
from .relationship_change import RelationshipChange
from .relationship_change_envelope import RelationshipChangeEnvelope
from .relationship_envelope import RelationshipEnvelope
from .relationship_form import RelationshipForm
from .rendition import Rendition
from .subscription import Subscription
from .subscription_envelope import SubscriptionEnvelope
from .subscription_form import SubscriptionForm
from .subscription_form_aspect import SubscriptionFormAspect
from .subscription_list_envelope import SubscriptionListEnvelope
from .subscription_object import SubscriptionObject
from .tag import Tag
from .tag_envelope import TagEnvelope
from .tag_list_envelope import TagListEnvelope
from .tag_media_page_envelope import TagMediaPageEnvelope
from .tag_pagination import TagPagination
from .token import Token
from .token_form import TokenForm
from .token_form_grant_type import TokenFormGrantType
from .token_owner import TokenOwner
from .user import User
from .user_counts import UserCounts
from .user_envelope import UserEnvelope
from .user_in_photo import UserInPhoto
from .user_list_envelope import UserListEnvelope
from .user_page_envelope import UserPageEnvelope
from .user_reference import UserReference
from .user_short import UserShort
from .videos import Videos

__all__ = (
    "Attribution",
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
    "SubscriptionFormAspect",
    "SubscriptionListEnvelope",
    "SubscriptionObject",
    "Tag",
    "TagEnvelope",
    "TagListEnvelope",
    "TagMediaPageEnvelope",
    "TagPagination",
    "Token",
    "TokenForm",
    "TokenFormGrantType",
    "TokenOwner",
    "User",
    "UserCounts",
    "UserEnvelope",
    "UserInPhoto",
    "UserListEnvelope",
    "UserPageEnvelope",
    "UserReference",
    "UserShort",
    "Videos",
)
