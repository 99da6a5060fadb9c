"""The view on a terminal: a block that is written anew, below the lines that stay."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any, TextIO

from click import style, unstyle

from wirecheck.escapes import printable
from wirecheck.live.tally import Overview
from wirecheck.model import Finding
from wirecheck.words import counted

_COLOURS = {"error": "red", "warning": "yellow"}
_FEWEST, _MOST = 3, 6  # findings that are shown, each in two lines
_BESIDE = 8  # lines of the block beside findings, and one that stays free


class ProxyView:
    """Shows what happens; where ``stream`` is no terminal, only what is new. Any thread may add lines."""

    def __init__(self, overview: Overview, stream: TextIO, *, is_terminal: bool, has_colour: bool) -> None:
        self._overview, self._stream = overview, stream
        self._is_terminal, self._has_colour = is_terminal, has_colour
        self._height = 0
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Writes a line that stays."""
        self._write([f"{printable(line)}\n"], [*self._block()])

    def finding(self, finding: Finding) -> None:
        """Writes a line about the first finding of a kind; on a terminal the block has it."""
        if not self._is_terminal:
            operation = finding.operation or f"{finding.method} {finding.path}"
            status = f" {finding.status}" if finding.status else ""
            self.say(f"{finding.severity}: {finding.check} {operation}{status}: {finding.message}")

    def failure(self, what: str, count: int) -> None:
        """Writes a line about a first failure; on a terminal the block has it."""
        if not self._is_terminal and count == 1:
            self.say(f"wirecheck: {what}")

    def refresh(self) -> None:
        """Writes the block anew."""
        if self._is_terminal:
            self._write([], [*self._block()])

    def _block(self) -> Iterator[str]:
        if not self._is_terminal:
            return
        size = shutil.get_terminal_size()
        state = self._overview.state(max(_FEWEST, min(_MOST, (size.lines - _BESIDE) // 2)))
        for line in block(state, size.columns):
            yield f"{line if self._has_colour else unstyle(line)}\n"

    def _write(self, lines: list[str], below: list[str]) -> None:
        """Replaces the block by lines and another one, in one write so that nothing flickers."""
        with self._lock:
            back = f"\x1b[{self._height}A\x1b[J" if self._height else ""
            self._stream.write("".join([back, *lines, *below]))
            self._stream.flush()
            self._height = len(below)


def block(state: dict[str, Any], columns: int) -> Iterator[str]:
    """The lines of the block for a state of the proxy, none of them longer than a terminal is wide."""

    def line(text: str, **look: Any) -> str:
        text = printable(text)
        return style(text if len(text) < columns else f"{text[: columns - 2]}…", **look)

    clock = f"{state['seconds'] // 60}:{state['seconds'] % 60:02}"
    yield line(f"http://{state['address']} to {state['upstream']}, {state['mode']}, {clock}", bold=True)
    yield line(
        f"  exchanges   {state['exchanges']:,}, {state['rate']:,.1f} a second, {state['open']:,} open"
        + (f", {state['withheld']:,} withheld" if state["withheld"] else "")
    )
    unjudged = f", {counted(state['unjudged'], 'body', 'bodies')} not judged" if state["unjudged"] else ""
    tunnels = f", {counted(state['tunnels'], 'tunnel')}" if state["tunnels"] else ""
    yield line(
        f"  judged      {state['judged']:,}, {state['violating']:,} with violations{unjudged}{tunnels}"
    )
    (met, operations), (seen, responses) = state["operations"], state["responses"]
    yield line(
        f"  met         {met:,} of {counted(operations, 'operation')}, {seen:,} of {responses:,} responses"
    )
    if state["failures"]:
        listed = ", ".join(f"{what} ({count:,})" for what, count in state["failures"].items())
        yield line(f"  failures    {listed}", fg="yellow")
    for kind in state["findings"]:
        head = f"{kind['count']:>7,} × {kind['check']} {kind['operation']} {kind['status'] or ''}".rstrip()
        yield line(head, fg=_COLOURS.get(kind["severity"]))
        yield line(f"          {kind['message']}")
