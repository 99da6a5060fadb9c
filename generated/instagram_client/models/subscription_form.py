from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.subscription_form_aspect import (
    SubscriptionFormAspect,
    check_subscription_form_aspect,
)
from ..models.subscription_object import SubscriptionObject, check_subscription_object
from ..types import UNSET, Unset

T = TypeVar("T", bound="SubscriptionForm")


@_attrs_define
class SubscriptionForm:
    client_id: str
    """ The app that sends the request. """
    client_secret: str = _attrs_field(repr=False)
    """ The secret of that app. """
    object_: SubscriptionObject
    aspect: SubscriptionFormAspect
    """ Always media. """
    callback_url: str
    """ Where changes are sent. """
    verify_token: str | Unset = _attrs_field(default=UNSET, repr=False)
    """ Sent back when the callback is verified. """
    object_id: str | Unset = UNSET
    """ The name of a tag or the id of a location. """
    lat: float | Unset = UNSET
    """ Latitude of the centre of a geography. """
    lng: float | Unset = UNSET
    """ Longitude of the centre of a geography. """
    radius: int | Unset = UNSET
    """ Radius of a geography in metres. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        client_secret = self.client_secret

        object_: str = self.object_

        aspect: str = self.aspect

        callback_url = self.callback_url

        verify_token = self.verify_token

        object_id = self.object_id

        lat = self.lat

        lng = self.lng

        radius = self.radius

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "client_secret": client_secret,
                "object": object_,
                "aspect": aspect,
                "callback_url": callback_url,
            }
        )
        if verify_token is not UNSET:
            field_dict["verify_token"] = verify_token
        if object_id is not UNSET:
            field_dict["object_id"] = object_id
        if lat is not UNSET:
            field_dict["lat"] = lat
        if lng is not UNSET:
            field_dict["lng"] = lng
        if radius is not UNSET:
            field_dict["radius"] = radius

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client_id = d.pop("client_id")

        client_secret = d.pop("client_secret")

        object_ = check_subscription_object(d.pop("object"))

        aspect = check_subscription_form_aspect(d.pop("aspect"))

        callback_url = d.pop("callback_url")

        verify_token = d.pop("verify_token", UNSET)

        object_id = d.pop("object_id", UNSET)

        lat = d.pop("lat", UNSET)

        lng = d.pop("lng", UNSET)

        radius = d.pop("radius", UNSET)

        subscription_form = cls(
            client_id=client_id,
            client_secret=client_secret,
            object_=object_,
            aspect=aspect,
            callback_url=callback_url,
            verify_token=verify_token,
            object_id=object_id,
            lat=lat,
            lng=lng,
            radius=radius,
        )

        subscription_form.additional_properties = d
        return subscription_form

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
