from typing import Literal, cast

MediaType = Literal["carousel", "image", "video"]

MEDIA_TYPE_VALUES: set[MediaType] = {
    "carousel",
    "image",
    "video",
}


def check_media_type(value: str) -> MediaType:
    """The value as it is: one that is newer than this client is not an error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not one of {sorted(MEDIA_TYPE_VALUES)}")
    return cast(MediaType, value)
