from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.rendition import Rendition


T = TypeVar("T", bound="Images")


@_attrs_define
class Images:
    thumbnail: Rendition
    """ One size of an image or a video. """
    low_resolution: Rendition
    """ One size of an image or a video. """
    standard_resolution: Rendition
    """ One size of an image or a video. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        thumbnail = self.thumbnail.to_dict()

        low_resolution = self.low_resolution.to_dict()

        standard_resolution = self.standard_resolution.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "thumbnail": thumbnail,
                "low_resolution": low_resolution,
                "standard_resolution": standard_resolution,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.rendition import Rendition  # noqa: PLC0415

        d = dict(src_dict)
        thumbnail = Rendition.from_dict(d.pop("thumbnail"))

        low_resolution = Rendition.from_dict(d.pop("low_resolution"))

        standard_resolution = Rendition.from_dict(d.pop("standard_resolution"))

        images = cls(
            thumbnail=thumbnail,
            low_resolution=low_resolution,
            standard_resolution=standard_resolution,
        )

        images.additional_properties = d
        return images

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
