from typing import Literal, cast

MediaType = Literal["carousel", "image", "video"]

MEDIA_TYPE_VALUES: set[MediaType] = {
    "carousel",
    "image",
    "video",
}


def check_media_type(value: str) -> MediaType:
    """The value as it came: one that is newer than this client is no error."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is none of {sorted(MEDIA_TYPE_VALUES)}")
    return cast(MediaType, value)
