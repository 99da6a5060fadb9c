from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_counts import UserCounts


T = TypeVar("T", bound="User")


@_attrs_define
class User:
    id: str
    username: str
    full_name: str
    profile_picture: str
    bio: str
    website: str
    """ An address, or empty. """
    counts: UserCounts
    is_business: bool | Unset = UNSET
    """ Since 2018. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        username = self.username

        full_name = self.full_name

        profile_picture = self.profile_picture

        bio = self.bio

        website = self.website

        counts = self.counts.to_dict()

        is_business = self.is_business

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "username": username,
                "full_name": full_name,
                "profile_picture": profile_picture,
                "bio": bio,
                "website": website,
                "counts": counts,
            }
        )
        if is_business is not UNSET:
            field_dict["is_business"] = is_business

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_counts import UserCounts  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        username = d.pop("username")

        full_name = d.pop("full_name")

        profile_picture = d.pop("profile_picture")

        bio = d.pop("bio")

        website = d.pop("website")

        counts = UserCounts.from_dict(d.pop("counts"))

        is_business = d.pop("is_business", UNSET)

        user = cls(
            id=id,
            username=username,
            full_name=full_name,
            profile_picture=profile_picture,
            bio=bio,
            website=website,
            counts=counts,
            is_business=is_business,
        )

        user.additional_properties = d
        return user

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
