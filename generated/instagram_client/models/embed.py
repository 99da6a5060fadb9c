from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Embed")


@_attrs_define
class Embed:
    """An oEmbed description (oembed.com); early responses have the type photo and a `url`."""

    version: str
    type_: str
    provider_name: str
    provider_url: str
    author_name: str
    media_id: str
    """ A 64-bit number that carries the time of creation, an underscore, the id of the owner. """
    title: str | Unset = UNSET
    author_id: int | str | Unset = UNSET
    author_url: str | Unset = UNSET
    url: str | Unset = UNSET
    html: str | Unset = UNSET
    width: int | Unset = UNSET
    height: int | None | Unset = UNSET
    thumbnail_url: str | Unset = UNSET
    thumbnail_width: int | Unset = UNSET
    thumbnail_height: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        type_ = self.type_

        provider_name = self.provider_name

        provider_url = self.provider_url

        author_name = self.author_name

        media_id = self.media_id

        title = self.title

        author_id: int | str | Unset
        if isinstance(self.author_id, Unset):
            author_id = UNSET
        else:
            author_id = self.author_id

        author_url = self.author_url

        url = self.url

        html = self.html

        width = self.width

        height: int | None | Unset
        if isinstance(self.height, Unset):
            height = UNSET
        else:
            height = self.height

        thumbnail_url = self.thumbnail_url

        thumbnail_width = self.thumbnail_width

        thumbnail_height = self.thumbnail_height

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "type": type_,
                "provider_name": provider_name,
                "provider_url": provider_url,
                "author_name": author_name,
                "media_id": media_id,
            }
        )
        if title is not UNSET:
            field_dict["title"] = title
        if author_id is not UNSET:
            field_dict["author_id"] = author_id
        if author_url is not UNSET:
            field_dict["author_url"] = author_url
        if url is not UNSET:
            field_dict["url"] = url
        if html is not UNSET:
            field_dict["html"] = html
        if width is not UNSET:
            field_dict["width"] = width
        if height is not UNSET:
            field_dict["height"] = height
        if thumbnail_url is not UNSET:
            field_dict["thumbnail_url"] = thumbnail_url
        if thumbnail_width is not UNSET:
            field_dict["thumbnail_width"] = thumbnail_width
        if thumbnail_height is not UNSET:
            field_dict["thumbnail_height"] = thumbnail_height

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        type_ = d.pop("type")

        provider_name = d.pop("provider_name")

        provider_url = d.pop("provider_url")

        author_name = d.pop("author_name")

        media_id = d.pop("media_id")

        title = d.pop("title", UNSET)

        def _parse_author_id(data: object) -> int | str | Unset:
            if isinstance(data, Unset):
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            if isinstance(data, dict | list):
                raise reason
            return cast(int | str | Unset, data)

        author_id = _parse_author_id(d.pop("author_id", UNSET))

        author_url = d.pop("author_url", UNSET)

        url = d.pop("url", UNSET)

        html = d.pop("html", UNSET)

        width = d.pop("width", UNSET)

        def _parse_height(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            if isinstance(data, dict | list):
                raise reason
            return cast(int | None | Unset, data)

        height = _parse_height(d.pop("height", UNSET))

        thumbnail_url = d.pop("thumbnail_url", UNSET)

        thumbnail_width = d.pop("thumbnail_width", UNSET)

        thumbnail_height = d.pop("thumbnail_height", UNSET)

        embed = cls(
            version=version,
            type_=type_,
            provider_name=provider_name,
            provider_url=provider_url,
            author_name=author_name,
            media_id=media_id,
            title=title,
            author_id=author_id,
            author_url=author_url,
            url=url,
            html=html,
            width=width,
            height=height,
            thumbnail_url=thumbnail_url,
            thumbnail_width=thumbnail_width,
            thumbnail_height=thumbnail_height,
        )

        embed.additional_properties = d
        return embed

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
