"""What the fleet reads from header fields: entity tags, and what a client accepts."""

import re

_ENTITY_TAG = re.compile(r'(W/)?("[^"]*")')


def entity_tags(field: str, weak: bool) -> set[str]:
    """The opaque tags of If-Match or If-None-Match; ``weak`` ones only in the weak comparison."""
    return {tag for prefix, tag in _ENTITY_TAG.findall(field) if weak or not prefix}


def matches(field: str, tag: str, weak: bool = False) -> bool:
    """Whether a field matches the tag of something that exists (RFC 9110, 8.8.3.2 and 13.1)."""
    return field.strip() == "*" or tag in entity_tags(field, weak)


def accepts(field: str, media_type: str) -> bool:
    """Whether an Accept field accepts a media type (RFC 9110, 12.5.1): the most specific range decides."""
    if not field.strip():
        return True
    kind = media_type.partition("/")[0]
    qualities = {}
    for item in field.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
        qualities[name] = re.fullmatch(r"0(\.0*)?", quality) is None
    decisive = (qualities[name] for name in (media_type, f"{kind}/*", "*/*") if name in qualities)
    return next(decisive, False)
