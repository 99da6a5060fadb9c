from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ErrorDetail")


@_attrs_define
class ErrorDetail:
    code: int
    """ Repeats the status. """
    error_type: str
    """ What went wrong, for programs. Observed: OAuthParameterException, OAuthAccessTokenException,
    OAuthPermissionsException, OAuthClientException, OAuthForbiddenException, OAuthRateLimitException,
    OAuthException, APINotFoundError, APINotAllowedError, APIAgeGatedError, APIInvalidParametersError,
    APICommentTooLongError, APICommentTooManyTagsError, APICommentAllCapsError, APISubscriptionError, APIError.
    There may be others.
     """
    error_message: str
    """ A sentence for the developer. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        error_type = self.error_type

        error_message = self.error_message

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "error_type": error_type,
                "error_message": error_message,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        error_type = d.pop("error_type")

        error_message = d.pop("error_message")

        error_detail = cls(
            code=code,
            error_type=error_type,
            error_message=error_message,
        )

        error_detail.additional_properties = d
        return error_detail

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
