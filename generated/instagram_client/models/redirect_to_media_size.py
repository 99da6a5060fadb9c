from typing import Literal, cast

RedirectToMediaSize = Literal["l", "m", "t"]

REDIRECT_TO_MEDIA_SIZE_VALUES: set[RedirectToMediaSize] = {
    "l",
    "m",
    "t",
}


def check_redirect_to_media_size(value: str) -> RedirectToMediaSize:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(REDIRECT_TO_MEDIA_SIZE_VALUES)}")
    return cast(RedirectToMediaSize, value)
