from typing import Literal, cast

TokenFormGrantType = Literal["authorization_code"]

TOKEN_FORM_GRANT_TYPE_VALUES: set[TokenFormGrantType] = {
    "authorization_code",
}


def check_token_form_grant_type(value: str) -> TokenFormGrantType:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(TOKEN_FORM_GRANT_TYPE_VALUES)}")
    return cast(TokenFormGrantType, value)
