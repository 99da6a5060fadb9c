from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="TagPagination")


@_attrs_define
class TagPagination:
    """Where older and newer media are. On the last page `next_url`, `next_max_tag_id` and `next_max_id` are missing;
    without any media both ids that remain are empty.

    """

    next_url: str | Unset = UNSET
    """ Complete, with the token inside. """
    next_max_tag_id: str | Unset = UNSET
    """ The max_tag_id of the next page. """
    min_tag_id: str | Unset = UNSET
    """ Requests newer media when sent as min_tag_id. """
    next_max_id: str | Unset = UNSET
    """ Deprecated; the same as next_max_tag_id. """
    next_min_id: str | Unset = UNSET
    """ Deprecated; the same as min_tag_id. """
    deprecation_warning: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        next_url = self.next_url

        next_max_tag_id = self.next_max_tag_id

        min_tag_id = self.min_tag_id

        next_max_id = self.next_max_id

        next_min_id = self.next_min_id

        deprecation_warning = self.deprecation_warning

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if next_url is not UNSET:
            field_dict["next_url"] = next_url
        if next_max_tag_id is not UNSET:
            field_dict["next_max_tag_id"] = next_max_tag_id
        if min_tag_id is not UNSET:
            field_dict["min_tag_id"] = min_tag_id
        if next_max_id is not UNSET:
            field_dict["next_max_id"] = next_max_id
        if next_min_id is not UNSET:
            field_dict["next_min_id"] = next_min_id
        if deprecation_warning is not UNSET:
            field_dict["deprecation_warning"] = deprecation_warning

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        next_url = d.pop("next_url", UNSET)

        next_max_tag_id = d.pop("next_max_tag_id", UNSET)

        min_tag_id = d.pop("min_tag_id", UNSET)

        next_max_id = d.pop("next_max_id", UNSET)

        next_min_id = d.pop("next_min_id", UNSET)

        deprecation_warning = d.pop("deprecation_warning", UNSET)

        tag_pagination = cls(
            next_url=next_url,
            next_max_tag_id=next_max_tag_id,
            min_tag_id=min_tag_id,
            next_max_id=next_max_id,
            next_min_id=next_min_id,
            deprecation_warning=deprecation_warning,
        )

        tag_pagination.additional_properties = d
        return tag_pagination

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
