from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LikedPagination")


@_attrs_define
class LikedPagination:
    """Where the next, older page is; empty on the last one."""

    next_url: str | Unset = UNSET
    """ Complete, with the token inside. """
    next_max_like_id: str | Unset = UNSET
    """ The max_like_id of the next page. """
    next_max_id: str | Unset = UNSET
    """ Documented in the reference; not observed on the wire. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        next_url = self.next_url

        next_max_like_id = self.next_max_like_id

        next_max_id = self.next_max_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if next_url is not UNSET:
            field_dict["next_url"] = next_url
        if next_max_like_id is not UNSET:
            field_dict["next_max_like_id"] = next_max_like_id
        if next_max_id is not UNSET:
            field_dict["next_max_id"] = next_max_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        next_url = d.pop("next_url", UNSET)

        next_max_like_id = d.pop("next_max_like_id", UNSET)

        next_max_id = d.pop("next_max_id", UNSET)

        liked_pagination = cls(
            next_url=next_url,
            next_max_like_id=next_max_like_id,
            next_max_id=next_max_id,
        )

        liked_pagination.additional_properties = d
        return liked_pagination

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
