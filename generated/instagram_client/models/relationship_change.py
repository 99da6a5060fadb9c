from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.incoming_status import IncomingStatus, check_incoming_status
from ..models.outgoing_status import OutgoingStatus, check_outgoing_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="RelationshipChange")


@_attrs_define
class RelationshipChange:
    outgoing_status: OutgoingStatus
    """ What the owner of the token is to the other user. """
    incoming_status: IncomingStatus | Unset = UNSET
    """ What the other user is to the owner of the token. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outgoing_status: str = self.outgoing_status

        incoming_status: str | Unset = UNSET
        if not isinstance(self.incoming_status, Unset):
            incoming_status = self.incoming_status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "outgoing_status": outgoing_status,
            }
        )
        if incoming_status is not UNSET:
            field_dict["incoming_status"] = incoming_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        outgoing_status = check_outgoing_status(d.pop("outgoing_status"))

        _incoming_status = d.pop("incoming_status", UNSET)
        incoming_status: IncomingStatus | Unset
        if isinstance(_incoming_status, Unset):
            incoming_status = UNSET
        else:
            incoming_status = check_incoming_status(_incoming_status)

        relationship_change = cls(
            outgoing_status=outgoing_status,
            incoming_status=incoming_status,
        )

        relationship_change.additional_properties = d
        return relationship_change

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
