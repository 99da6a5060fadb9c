from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.comment import Comment
    from ..models.meta import Meta


T = TypeVar("T", bound="CommentEnvelope")


@_attrs_define
class CommentEnvelope:
    meta: Meta
    data: Comment | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.comment import Comment  # noqa: PLC0415

        meta = self.meta.to_dict()

        data: dict[str, Any] | None
        if isinstance(self.data, Comment):
            data = self.data.to_dict()
        else:
            data = self.data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "meta": meta,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comment import Comment  # noqa: PLC0415
        from ..models.meta import Meta  # noqa: PLC0415

        d = dict(src_dict)
        meta = Meta.from_dict(d.pop("meta"))

        def _parse_data(data: object) -> Comment | None:
            if data is None:
                return data
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                data_type_0 = Comment.from_dict(data)

                return data_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        data = _parse_data(d.pop("data"))

        comment_envelope = cls(
            meta=meta,
            data=data,
        )

        comment_envelope.additional_properties = d
        return comment_envelope

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
