from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.subscription_object import SubscriptionObject, check_subscription_object
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.change_data import ChangeData


T = TypeVar("T", bound="Change")


@_attrs_define
class Change:
    """One change that a subscription reports."""

    changed_aspect: str
    object_: SubscriptionObject
    object_id: str
    time: int
    """ UNIX seconds. """
    subscription_id: int | str
    data: ChangeData | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        changed_aspect = self.changed_aspect

        object_: str = self.object_

        object_id = self.object_id

        time = self.time

        subscription_id: int | str
        subscription_id = self.subscription_id

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "changed_aspect": changed_aspect,
                "object": object_,
                "object_id": object_id,
                "time": time,
                "subscription_id": subscription_id,
            }
        )
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change_data import ChangeData  # noqa: PLC0415

        d = dict(src_dict)
        changed_aspect = d.pop("changed_aspect")

        object_ = check_subscription_object(d.pop("object"))

        object_id = d.pop("object_id")

        time = d.pop("time")

        def _parse_subscription_id(data: object) -> int | str:
            reason: Exception = TypeError("a value has none of the expected types")
            if isinstance(data, dict | list):
                raise reason
            return cast(int | str, data)

        subscription_id = _parse_subscription_id(d.pop("subscription_id"))

        _data = d.pop("data", UNSET)
        data: ChangeData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = ChangeData.from_dict(_data)

        change = cls(
            changed_aspect=changed_aspect,
            object_=object_,
            object_id=object_id,
            time=time,
            subscription_id=subscription_id,
            data=data,
        )

        change.additional_properties = d
        return change

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
