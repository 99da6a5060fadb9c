from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_type import MediaType, check_media_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.attribution import Attribution
    from ..models.caption import Caption
    from ..models.carousel_item import CarouselItem
    from ..models.images import Images
    from ..models.media_comments import MediaComments
    from ..models.media_likes import MediaLikes
    from ..models.media_location import MediaLocation
    from ..models.user_in_photo import UserInPhoto
    from ..models.user_reference import UserReference
    from ..models.videos import Videos


T = TypeVar("T", bound="Media")


@_attrs_define
class Media:
    """An image, a video or, since 2017, a carousel. `attribution`, `location`, `filter`, `users_in_photo`,
    `user_has_liked`, `comments` and `likes` are missing in a few recorded responses.

    """

    id: str
    """ A 64-bit number that carries the time of creation, an underscore, the id of the owner. """
    type_: MediaType
    """ carousel since 2017-04-18. """
    user: UserReference
    """ A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results
    and for persons in a photo, with `username` alone. """
    created_time: str
    """ Seconds since 1970-01-01T00:00:00Z, as a string of digits. """
    link: None | str
    """ The page of the post; null in a few old responses. """
    caption: Caption | None
    tags: list[str]
    """ In lower case, without the leading \\#, in no particular order. """
    images: Images
    filter_: None | str | Unset = UNSET
    """ An open list: Normal, Clarendon, Juno, X-Pro II and more. """
    attribution: Attribution | None | Unset = UNSET
    location: MediaLocation | None | Unset = UNSET
    users_in_photo: list[UserInPhoto] | Unset = UNSET
    user_has_liked: bool | Unset = UNSET
    """ Whether the owner of the token likes it. """
    comments: MediaComments | Unset = UNSET
    likes: MediaLikes | Unset = UNSET
    videos: Videos | Unset = UNSET
    carousel_media: list[CarouselItem] | Unset = UNSET
    distance: float | Unset = UNSET
    """ Metres from the centre of a search by place. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.attribution import Attribution  # noqa: PLC0415
        from ..models.caption import Caption  # noqa: PLC0415
        from ..models.media_location import MediaLocation  # noqa: PLC0415

        id = self.id

        type_: str = self.type_

        user = self.user.to_dict()

        created_time = self.created_time

        link: None | str
        link = self.link

        caption: dict[str, Any] | None
        if isinstance(self.caption, Caption):
            caption = self.caption.to_dict()
        else:
            caption = self.caption

        tags = self.tags

        images = self.images.to_dict()

        filter_: None | str | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = self.filter_

        attribution: dict[str, Any] | None | Unset
        if isinstance(self.attribution, Unset):
            attribution = UNSET
        elif isinstance(self.attribution, Attribution):
            attribution = self.attribution.to_dict()
        else:
            attribution = self.attribution

        location: dict[str, Any] | None | Unset
        if isinstance(self.location, Unset):
            location = UNSET
        elif isinstance(self.location, MediaLocation):
            location = self.location.to_dict()
        else:
            location = self.location

        users_in_photo: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.users_in_photo, Unset):
            users_in_photo = []
            for users_in_photo_item_data in self.users_in_photo:
                users_in_photo_item = users_in_photo_item_data.to_dict()
                users_in_photo.append(users_in_photo_item)

        user_has_liked = self.user_has_liked

        comments: dict[str, Any] | Unset = UNSET
        if not isinstance(self.comments, Unset):
            comments = self.comments.to_dict()

        likes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.likes, Unset):
            likes = self.likes.to_dict()

        videos: dict[str, Any] | Unset = UNSET
        if not isinstance(self.videos, Unset):
            videos = self.videos.to_dict()

        carousel_media: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.carousel_media, Unset):
            carousel_media = []
            for carousel_media_item_data in self.carousel_media:
                carousel_media_item = carousel_media_item_data.to_dict()
                carousel_media.append(carousel_media_item)

        distance = self.distance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "user": user,
                "created_time": created_time,
                "link": link,
                "caption": caption,
                "tags": tags,
                "images": images,
            }
        )
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if attribution is not UNSET:
            field_dict["attribution"] = attribution
        if location is not UNSET:
            field_dict["location"] = location
        if users_in_photo is not UNSET:
            field_dict["users_in_photo"] = users_in_photo
        if user_has_liked is not UNSET:
            field_dict["user_has_liked"] = user_has_liked
        if comments is not UNSET:
            field_dict["comments"] = comments
        if likes is not UNSET:
            field_dict["likes"] = likes
        if videos is not UNSET:
            field_dict["videos"] = videos
        if carousel_media is not UNSET:
            field_dict["carousel_media"] = carousel_media
        if distance is not UNSET:
            field_dict["distance"] = distance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attribution import Attribution  # noqa: PLC0415
        from ..models.caption import Caption  # noqa: PLC0415
        from ..models.carousel_item import CarouselItem  # noqa: PLC0415
        from ..models.images import Images  # noqa: PLC0415
        from ..models.media_comments import MediaComments  # noqa: PLC0415
        from ..models.media_likes import MediaLikes  # noqa: PLC0415
        from ..models.media_location import MediaLocation  # noqa: PLC0415
        from ..models.user_in_photo import UserInPhoto  # noqa: PLC0415
        from ..models.user_reference import UserReference  # noqa: PLC0415
        from ..models.videos import Videos  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        type_ = check_media_type(d.pop("type"))

        user = UserReference.from_dict(d.pop("user"))

        created_time = d.pop("created_time")

        def _parse_link(data: object) -> None | str:
            if data is None:
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            if isinstance(data, dict | list):
                raise reason
            return cast(None | str, data)

        link = _parse_link(d.pop("link"))

        def _parse_caption(data: object) -> Caption | None:
            if data is None:
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                caption_type_0 = Caption.from_dict(data)

                return caption_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        caption = _parse_caption(d.pop("caption"))

        tags = cast(list[str], d.pop("tags"))

        images = Images.from_dict(d.pop("images"))

        def _parse_filter_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            if isinstance(data, dict | list):
                raise reason
            return cast(None | str | Unset, data)

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        def _parse_attribution(data: object) -> Attribution | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                attribution_type_0 = Attribution.from_dict(data)

                return attribution_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        attribution = _parse_attribution(d.pop("attribution", UNSET))

        def _parse_location(data: object) -> MediaLocation | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                location_type_0 = MediaLocation.from_dict(data)

                return location_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        location = _parse_location(d.pop("location", UNSET))

        _users_in_photo = d.pop("users_in_photo", UNSET)
        users_in_photo: list[UserInPhoto] | Unset = UNSET
        if _users_in_photo is not UNSET:
            users_in_photo = []
            for users_in_photo_item_data in _users_in_photo:
                users_in_photo_item = UserInPhoto.from_dict(users_in_photo_item_data)

                users_in_photo.append(users_in_photo_item)

        user_has_liked = d.pop("user_has_liked", UNSET)

        _comments = d.pop("comments", UNSET)
        comments: MediaComments | Unset
        if isinstance(_comments, Unset):
            comments = UNSET
        else:
            comments = MediaComments.from_dict(_comments)

        _likes = d.pop("likes", UNSET)
        likes: MediaLikes | Unset
        if isinstance(_likes, Unset):
            likes = UNSET
        else:
            likes = MediaLikes.from_dict(_likes)

        _videos = d.pop("videos", UNSET)
        videos: Videos | Unset
        if isinstance(_videos, Unset):
            videos = UNSET
        else:
            videos = Videos.from_dict(_videos)

        _carousel_media = d.pop("carousel_media", UNSET)
        carousel_media: list[CarouselItem] | Unset = UNSET
        if _carousel_media is not UNSET:
            carousel_media = []
            for carousel_media_item_data in _carousel_media:
                carousel_media_item = CarouselItem.from_dict(carousel_media_item_data)

                carousel_media.append(carousel_media_item)

        distance = d.pop("distance", UNSET)

        media = cls(
            id=id,
            type_=type_,
            user=user,
            created_time=created_time,
            link=link,
            caption=caption,
            tags=tags,
            images=images,
            filter_=filter_,
            attribution=attribution,
            location=location,
            users_in_photo=users_in_photo,
            user_has_liked=user_has_liked,
            comments=comments,
            likes=likes,
            videos=videos,
            carousel_media=carousel_media,
            distance=distance,
        )

        media.additional_properties = d
        return media

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
