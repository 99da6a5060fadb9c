from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="UserReference")


@_attrs_define
class UserReference:
    """A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results and for
    persons in a photo, with `username` alone.

    """

    username: str
    id: str | Unset = UNSET
    full_name: str | Unset = UNSET
    profile_picture: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        id = self.id

        full_name = self.full_name

        profile_picture = self.profile_picture

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "username": username,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if full_name is not UNSET:
            field_dict["full_name"] = full_name
        if profile_picture is not UNSET:
            field_dict["profile_picture"] = profile_picture

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

        id = d.pop("id", UNSET)

        full_name = d.pop("full_name", UNSET)

        profile_picture = d.pop("profile_picture", UNSET)

        user_reference = cls(
            username=username,
            id=id,
            full_name=full_name,
            profile_picture=profile_picture,
        )

        user_reference.additional_properties = d
        return user_reference

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
