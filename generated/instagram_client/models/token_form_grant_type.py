from typing import Literal

TokenFormGrantType = Literal["authorization_code"]

TOKEN_FORM_GRANT_TYPE_VALUES: set[TokenFormGrantType] = {
    "authorization_code",
}


def check_token_form_grant_type(value: str) -> TokenFormGrantType:
    if value in TOKEN_FORM_GRANT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TOKEN_FORM_GRANT_TYPE_VALUES!r}")
