"""Lines of YAML that are not indented deeper than what is around them, where YAML 1.2 requires it."""

import re

import yaml

_LINE_BREAK = re.compile("\r\n|[\n\r]")


class Indentation:
    """Collects, from parser events, the lines of a text that strict parsers of YAML reject.

    Within a quoted scalar or a flow collection each line must be indented deeper than the block
    collection around it (YAML 1.2, 7.3 and 7.4); libyaml does not require that.
    """

    def __init__(self, text: str) -> None:
        self._lines = _LINE_BREAK.split(text)
        self._blocks: list[int] = []  # the indentation of each open block collection
        self._flows: list[int] = []  # the line of each open flow collection, counted from 0
        self._misindented = set[int]()

    @property
    def misindented(self) -> tuple[int, ...]:
        """The lines, counted from 1."""
        return tuple(number + 1 for number in sorted(self._misindented))

    def take(self, event: yaml.Event) -> None:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return
        if isinstance(event, yaml.ScalarEvent):
            if event.style in ("'", '"'):
                self._check(start.line, end.line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if event.flow_style:
                self._flows.append(start.line)
            else:
                self._blocks.append(start.column)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            if self._flows:
                self._check(self._flows.pop(), end.line)
            else:
                self._blocks.pop()

    def _check(self, first: int, last: int) -> None:
        """Checks the lines below the first one of a value; empty lines and comments may stand anywhere."""
        around = self._blocks[-1] if self._blocks else -1
        # libyaml may place the end of a collection behind the text.
        for number, line in enumerate(self._lines[first + 1 : last + 1], first + 1):
            content = line.lstrip(" ")
            if content and content[0] != "#" and len(line) - len(content) <= around:
                self._misindented.add(number)
