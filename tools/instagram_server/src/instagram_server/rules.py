"""The four rules for comments, in force since 2014-07-19 (docs/sources.md, sections 2.1, 11.2, 16)."""

import re

from instagram_server.errors import ApiError

MAX_CHARACTERS, MAX_HASHTAGS, MAX_URLS = 300, 4, 1

_TAG = re.compile(r"#((?:\w|[^\x00-\x7f\s])+)")
_URL = re.compile(r"https?://", re.IGNORECASE)


def rejection(text: str) -> ApiError | None:
    """The error for a text that may not be posted. Only the first message is the original one."""
    if len(text) > MAX_CHARACTERS:
        return ApiError(400, "APICommentTooLongError", "Your comment is too long.")
    if len(_TAG.findall(text)) > MAX_HASHTAGS:
        return ApiError(400, "APICommentTooManyTagsError", "Your comment has too many hashtags.")
    if len(_URL.findall(text)) > MAX_URLS:
        return ApiError(400, "APICommentTooManyUrlsError", "Your comment has too many URLs.")
    if any(map(str.isupper, text)) and not any(map(str.islower, text)):
        return ApiError(400, "APICommentAllCapsError", "Your comment must not be all capital letters.")
    return None


def hashtags(text: str) -> list[str]:
    """The distinct hashtags of a text, in lower case."""
    return list(dict.fromkeys(tag.lower() for tag in _TAG.findall(text)))
