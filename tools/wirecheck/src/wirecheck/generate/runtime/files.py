"""Files to upload."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import IO, TypeAlias

FileContent: TypeAlias = "IO[bytes] | bytes | PathLike[str]"
"""What a file has in it: bytes, an open file that is read as it is sent, or the path of one."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with the name and the media type that are sent with it."""

    payload: FileContent
    file_name: str | None = None
    mime_type: str | None = None


FileTypes: TypeAlias = (
    "File | FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str | None]"
)
"""What is accepted for a file."""
