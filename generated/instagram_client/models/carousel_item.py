from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.media_type import MediaType, check_media_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.images import Images
    from ..models.user_in_photo import UserInPhoto
    from ..models.videos import Videos


T = TypeVar("T", bound="CarouselItem")


@_attrs_define
class CarouselItem:
    """One image or video of a carousel. It has no id, and a video no poster image."""

    type_: MediaType
    """ carousel since 2017-04-18. """
    users_in_photo: list[UserInPhoto]
    images: Images | Unset = UNSET
    videos: Videos | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        users_in_photo = []
        for users_in_photo_item_data in self.users_in_photo:
            users_in_photo_item = users_in_photo_item_data.to_dict()
            users_in_photo.append(users_in_photo_item)

        images: dict[str, Any] | Unset = UNSET
        if not isinstance(self.images, Unset):
            images = self.images.to_dict()

        videos: dict[str, Any] | Unset = UNSET
        if not isinstance(self.videos, Unset):
            videos = self.videos.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "users_in_photo": users_in_photo,
            }
        )
        if images is not UNSET:
            field_dict["images"] = images
        if videos is not UNSET:
            field_dict["videos"] = videos

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.images import Images  # noqa: PLC0415
        from ..models.user_in_photo import UserInPhoto  # noqa: PLC0415
        from ..models.videos import Videos  # noqa: PLC0415

        d = dict(src_dict)
        type_ = check_media_type(d.pop("type"))

        users_in_photo = []
        _users_in_photo = d.pop("users_in_photo")
        for users_in_photo_item_data in _users_in_photo:
            users_in_photo_item = UserInPhoto.from_dict(users_in_photo_item_data)

            users_in_photo.append(users_in_photo_item)

        _images = d.pop("images", UNSET)
        images: Images | Unset
        if isinstance(_images, Unset):
            images = UNSET
        else:
            images = Images.from_dict(_images)

        _videos = d.pop("videos", UNSET)
        videos: Videos | Unset
        if isinstance(_videos, Unset):
            videos = UNSET
        else:
            videos = Videos.from_dict(_videos)

        carousel_item = cls(
            type_=type_,
            users_in_photo=users_in_photo,
            images=images,
            videos=videos,
        )

        carousel_item.additional_properties = d
        return carousel_item

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
