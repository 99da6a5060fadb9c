from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.user_reference import UserReference


T = TypeVar("T", bound="Caption")


@_attrs_define
class Caption:
    id: str
    created_time: str
    """ Seconds since 1970-01-01T00:00:00Z, as a string of digits. """
    text: str
    from_: UserReference
    """ A user in media, captions and comments: with id and full name, or, since 2018 in tag and location results
    and for persons in a photo, with `username` alone. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        created_time = self.created_time

        text = self.text

        from_ = self.from_.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "created_time": created_time,
                "text": text,
                "from": from_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user_reference import UserReference  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        created_time = d.pop("created_time")

        text = d.pop("text")

        from_ = UserReference.from_dict(d.pop("from"))

        caption = cls(
            id=id,
            created_time=created_time,
            text=text,
            from_=from_,
        )

        caption.additional_properties = d
        return caption

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
