"""Messages as they pass: their bodies are seen while they are read elsewhere."""

from collections.abc import Iterable

from wirecheck.model import Headers
from wirecheck.recordings.coding import uncoded


class PassingBody:
    """Sees the pieces of a body, and keeps one byte more of it than ``most`` at most.

    ``is_whole`` is set by whoever sees its end.
    """

    def __init__(self, most: int) -> None:
        self.is_whole = False
        self._most = most
        self._pieces: list[bytes] = []
        self._length = 0

    @property
    def is_large(self) -> bool:
        """Whether it is longer than a body that is judged."""
        return self._length > self._most

    def add(self, piece: bytes) -> None:
        if piece and not self.is_large:
            kept = bytes(piece[: self._most + 1 - self._length])
            self._pieces.append(kept)
            self._length += len(kept)

    def content(self, headers: Headers) -> bytes | None:
        """The body without the content codings that its headers name; None unless it was seen to its end.

        Of one that is too large, as many bytes as make it too large.
        """
        if self.is_large:
            return b"".join(self._pieces)
        return uncoded(b"".join(self._pieces), headers) if self.is_whole else None


def headers_of(pairs: Iterable[tuple[str | bytes, str | bytes]]) -> Headers:
    """The headers of a message, of texts or of bytes, with names in lower case."""
    return tuple((_text(name).lower(), _text(value)) for name, value in pairs)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
