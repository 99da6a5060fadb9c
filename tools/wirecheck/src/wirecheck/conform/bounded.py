"""Responses of httpx whose bodies are read within bounds."""

import httpx

from wirecheck import inflate


def bounded(response: httpx.Response) -> httpx.Response:
    """The same response, before its body is read: reading it raises DecodingError beyond the bounds.

    Cookies that httpx cannot send back are left out.
    """
    headers = response.headers.raw
    usable = [pair for pair in headers if pair[0].lower() != b"set-cookie" or inflate.is_usable(pair[1])]
    if len(usable) < len(headers):
        response.headers = httpx.Headers(usable)
    vars(response)["_decoder"] = _Decoder(response.headers.get("Content-Encoding", ""))
    return response


class _Decoder:
    """Decompresses a body piece by piece, as httpx calls it."""

    def __init__(self, content_encoding: str) -> None:
        self._decoder = inflate.Decoder(content_encoding)

    def decode(self, data: bytes) -> bytes:
        try:
            return b"".join(self._decoder.decode(data))
        except inflate.BodyError as error:
            raise httpx.DecodingError(str(error)) from None

    def flush(self) -> bytes:
        return b""
