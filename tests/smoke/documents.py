"""The documents that arguments name."""

import re
from collections.abc import Iterator
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


def targets(argument: Path) -> Iterator[Target]:
    """A file, or the documents of a folder: of a table in the README beside it, else each file."""
    argument = argument.resolve()
    if argument.is_file():
        yield Target(_name(argument), argument, argument.parent.parent)
        return
    rows = _rows(argument.parent / "README.md")
    named = [(name, entry) for name, entry in rows if (argument / name / entry).is_file()]
    if named:
        for name, entry in named:
            yield Target(name, argument / name / entry, argument / name)
        return
    of_parent = [
        entry for name, entry in _rows(argument.parent.parent / "README.md") if name == argument.name
    ]
    if of_parent:
        yield Target(argument.name, argument / of_parent[0], argument)
        return
    for path in sorted(argument.iterdir()):
        if path.suffix in _SUFFIXES:
            yield Target(path.stem, path, argument)


def _name(path: Path) -> str:
    return path.parent.name if path.stem in ("openapi", "swagger") else path.stem


def _rows(readme: Path) -> list[tuple[str, str]]:
    return _ROW.findall(readme.read_text("utf-8")) if readme.is_file() else []
