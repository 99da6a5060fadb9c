"""The texts of bodies, which programs decoded before they wrote them."""

import codecs
import re

from wirecheck.decode import header_parameters, header_values
from wirecheck.model import Headers

_LENGTH = re.compile("[0-9]{1,18}")
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252"}
"""What browsers take these charsets for: https://encoding.spec.whatwg.org/#names-and-labels."""


def as_bytes(text: str, headers: Headers) -> bytes:
    """The bytes of a body that is written as a text.

    Programs write a text that they decoded by its charset, and Chromium writes a request that is not UTF-8
    with a character for each byte: the ``Content-Length`` tells. Where it does not, a text is one that was
    "trans-coded from its original character set into UTF-8", as HAR has it. A lone surrogate becomes invalid
    UTF-8, which is left to the judge.
    """
    body = text.encode("utf-8", "surrogatepass")
    if ("content-length", str(len(body))) in headers:
        return body
    lengths = [int(value) for value in header_values(headers, "content-length") if _LENGTH.fullmatch(value)]
    if len(body) in lengths:
        return body
    content_type = next(iter(header_values(headers, "content-type")), "")
    in_charset = _encoded(text, dict(header_parameters(content_type)).get("charset", "utf-8"))
    if lengths:
        for candidate in (in_charset, _encoded(text, "iso8859-1")):
            if candidate is not None and len(candidate) in lengths:
                return candidate
    is_text = content_type.lower().startswith("text/")
    return in_charset if is_text and in_charset is not None else body


def _encoded(text: str, charset: str) -> bytes | None:
    """The text in a charset; None for UTF-8, for an unknown one, and where it has other characters."""
    try:
        name = codecs.lookup(charset).name
        return None if name == "utf-8" else text.encode(name)
    except UnicodeEncodeError:
        wider = _WIDER.get(name)
        return _encoded(text, wider) if wider else None
    except (LookupError, ValueError):
        return None
