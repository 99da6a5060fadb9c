"""The lines of a document that findings are about, without the secrets in its examples."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from wirecheck.model import MarkedLines
from wirecheck.redact import MASK, Masked, Redactor, encodable, printable
from wirecheck.spec import Spec

_BEFORE, _AFTER = 6, 6  # lines
_LONGEST = 240  # characters of a line
_FILES = 8  # whose lines are remembered
_EXAMPLES = frozenset({"const", "default", "enum", "example", "examples", "value", "x-invalid-examples"})
_MEMBER = re.compile(r"""(\s*(?:- )*["']?([\w.$-]{1,100})["']?:\s+)([^\s#{\[|>&*].*)""")
_Path = tuple[str, ...]


class DocumentLines:
    """Excerpts of the files of a document."""

    def __init__(self, spec: Spec, redactor: Redactor) -> None:
        self._spec = spec
        self._redactor = redactor
        self._files = OrderedDict[str, list[str]]()
        self._excerpts: dict[tuple[str, int], MarkedLines | None] = {}

    def around(self, file: str, line: int) -> MarkedLines | None:
        """The lines around one, which is counted from 1; None where the file cannot be read again."""
        if (file, line) not in self._excerpts:
            self._excerpts[file, line] = self._around(file, line)
        return self._excerpts[file, line]

    def _around(self, file: str, line: int) -> MarkedLines | None:
        lines = self._lines(file)
        if not 1 <= line <= len(lines):
            return None
        first = max(1, line - _BEFORE)
        window = lines[first - 1 : line + _AFTER]
        shown = self._masked.text("\n".join(map(self._line, window))).split("\n")
        if len(shown) != len(window):
            return None
        return MarkedLines(lines=tuple(shown), marked=(line - first, line - first + 1), first=first)

    def _lines(self, file: str) -> list[str]:
        if file not in self._files:
            text = self._spec.text(file)
            self._files[file] = [] if text is None else text.split("\n")
            if len(self._files) > _FILES:
                self._files.popitem(last=False)
        return self._files[file]

    def _line(self, text: str) -> str:
        """A line for a report; of what is secret by the name before it, only that."""
        text = self._masked.text(encodable(text.rstrip("\r").expandtabs(2)[: 4 * _LONGEST]))
        member = _MEMBER.fullmatch(text)
        if member and self._masked.is_secret(member[3].strip("\"', "), (member[2],)):
            text = f"{member[1]}{MASK}"
        text = printable(text)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    @cached_property
    def _masked(self) -> Masked:
        return Masked(self._redactor, frozenset(self._secrets()))

    def _secrets(self) -> Iterator[str]:
        """The values in examples that are secret by a name that they are below."""
        by_name = Masked(self._redactor, ())
        pending: list[tuple[Any, _Path, bool]] = [(self._spec.document.data, (), False)]
        while pending:
            value, path, is_example = pending.pop()
            if isinstance(value, dict):
                if "in" in value and isinstance(value.get("name"), str):
                    path = (*path, value["name"])
                for key, member in value.items():
                    pending.append((member, (*path[-5:], key), is_example or key in _EXAMPLES))
            elif isinstance(value, list):
                pending += [(item, path, is_example) for item in value]
            elif is_example and isinstance(value, str) and by_name.is_secret(value, path):
                yield value
