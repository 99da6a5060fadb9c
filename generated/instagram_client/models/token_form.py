from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.token_form_grant_type import (
    TokenFormGrantType,
    check_token_form_grant_type,
)

T = TypeVar("T", bound="TokenForm")


@_attrs_define
class TokenForm:
    client_id: str
    """ The app that sends the request. """
    client_secret: str = _attrs_field(repr=False)
    """ The secret of that app. """
    grant_type: TokenFormGrantType
    """ Always authorization_code. """
    redirect_uri: str
    """ The same as in the step before. """
    code: str = _attrs_field(repr=False)
    """ The code of the step before; it works once. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = self.client_id

        client_secret = self.client_secret

        grant_type: str = self.grant_type

        redirect_uri = self.redirect_uri

        code = self.code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "client_secret": client_secret,
                "grant_type": grant_type,
                "redirect_uri": redirect_uri,
                "code": code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        client_id = d.pop("client_id")

        client_secret = d.pop("client_secret")

        grant_type = check_token_form_grant_type(d.pop("grant_type"))

        redirect_uri = d.pop("redirect_uri")

        code = d.pop("code")

        token_form = cls(
            client_id=client_id,
            client_secret=client_secret,
            grant_type=grant_type,
            redirect_uri=redirect_uri,
            code=code,
        )

        token_form.additional_properties = d
        return token_form

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
