from typing import Literal

RedirectToMediaSize = Literal["l", "m", "t"]

REDIRECT_TO_MEDIA_SIZE_VALUES: set[RedirectToMediaSize] = {
    "l",
    "m",
    "t",
}


def check_redirect_to_media_size(value: str) -> RedirectToMediaSize:
    if value in REDIRECT_TO_MEDIA_SIZE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {REDIRECT_TO_MEDIA_SIZE_VALUES!r}"
    )
