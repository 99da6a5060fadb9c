"""The documents that arguments name."""

import re
from dataclasses import dataclass
from pathlib import Path

_ROW = re.compile(r"^\| ([\w-]+) \| (?:swagger )?[\d.]+ \| \d+ \| (\S+) \|", re.MULTILINE)
_SUFFIXES = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Target:
    """A document, and the folder that everything it refers to lies in."""

    name: str
    path: Path
    root: Path

    @property
    def package(self) -> str:
        return "client_" + re.sub(r"[^a-z0-9]+", "_", self.name.lower())


def targets(argument: Path) -> list[Target]:
    """A file, or the documents of a folder: of a table in the README beside it, else each file."""
    argument = argument.resolve()
    if argument.is_file():
        return [Target(_name(argument), argument, argument.parent.parent)]
    rows = dict(_rows(argument.parent / "README.md"))
    entries = [
        Target(name, argument / name / entry, argument / name)
        for name, entry in rows.items()
        if (argument / name / entry).is_file()
    ]
    if entries:
        return entries
    entry = dict(_rows(argument.parent.parent / "README.md")).get(argument.name)
    if entry:
        return [Target(argument.name, argument / entry, argument)]
    files = sorted(path for path in argument.iterdir() if path.suffix in _SUFFIXES)
    return [Target(path.stem, path, argument) for path in files]


def _name(path: Path) -> str:
    return path.parent.name if path.stem in ("openapi", "swagger") else path.stem


def _rows(readme: Path) -> list[tuple[str, str]]:
    return _ROW.findall(readme.read_text("utf-8")) if readme.is_file() else []
