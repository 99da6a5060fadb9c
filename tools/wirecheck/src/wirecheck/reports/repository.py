"""Files as code hosts name them."""

import os
from functools import lru_cache
from pathlib import Path


def is_url(file: str) -> bool:
    """Whether a document was fetched."""
    return file.startswith(("http://", "https://"))


def in_repository(file: str) -> str:
    """The path of a file from the root of its repository; of any other file, or URL, the name as it is."""
    if is_url(file):
        return file
    path = Path(os.path.normpath(Path.cwd() / file))
    root = _root(Path.cwd())
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else file


@lru_cache(maxsize=4)
def _root(folder: Path) -> Path:
    """The root of the repository that the folder is in, or the folder itself."""
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)
