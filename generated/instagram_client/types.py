"""Types of arguments: files to upload, and the value of what is not passed."""

from ._runtime.files import File, FileContent, FileTypes
from ._runtime.unset import UNSET, Unset

__all__ = ["UNSET", "File", "FileContent", "FileTypes", "Unset"]
