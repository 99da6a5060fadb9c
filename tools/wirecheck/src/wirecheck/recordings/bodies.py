"""Files that hold the body of one response: judged against an operation that a person or the file names."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from wirecheck.decode import essence, is_json
from wirecheck.model import Exchange, RecordingError
from wirecheck.recordings.coding import LONGEST
from wirecheck.recordings.inputs import uncompressed
from wirecheck.spec import Operation, Spec

_WITH_STATUS = re.compile(r"(.+)[.-]([1-5][0-9]{2})")


class Bodies:
    """The operations that files belong to: ``operation``, or the one that a file has its name of.

    ``status`` is that of the responses whose files do not name another one.
    """

    def __init__(self, spec: Spec, operation: Operation | None = None, status: int | None = None) -> None:
        self._operations = {operation.name: operation for operation in spec.operations}
        self._operation = operation
        self._status = status

    def claims(self, name: str, *, is_named: bool) -> bool:
        """Whether a file is such a body; ``is_named`` says whether a person named the file itself."""
        path = uncompressed(name)
        if self._operation is not None and (is_named or path.suffix.lower() == ".json"):
            return True
        return path.suffix.lower() == ".json" and self._by_name(path.stem)[0] is not None

    def read(self, name: str, file: BinaryIO) -> Iterator[Exchange]:
        """The one exchange of a file that ``claims`` claims."""
        named, status = self._by_name(uncompressed(name).stem)
        operation = self._operation or named
        if operation is None:
            raise RecordingError(name, "its name is not that of an operation")
        body = file.read(LONGEST + 1)
        if len(body) > LONGEST:
            raise RecordingError(name, f"a body of more than {LONGEST:,} bytes is not read")
        status = status or self._status or _success(operation)
        yield Exchange(
            source=f"{name}#0",
            entry=0,
            method=operation.method,
            url=operation.template,
            status=status,
            response_headers=(("content-type", _media_type(operation, status)),),
            response_body=body,
            operation=operation.name,
        )

    def _by_name(self, stem: str) -> tuple[Operation | None, int | None]:
        """The operation of a name such as getPet or getPet.404, and the status."""
        if stem in self._operations:
            return self._operations[stem], None
        if match := _WITH_STATUS.fullmatch(stem):
            return self._operations.get(match[1]), int(match[2])
        return None, None


def _success(operation: Operation) -> int:
    """The first documented status of a success."""
    documented = (status.upper() for status in operation.statuses)
    first = next((status for status in documented if status.startswith("2")), "200")
    return int(first.replace("X", "0"))


def _media_type(operation: Operation, status: int) -> str:
    response = operation.response(status)
    names = [media_type.name for media_type in response.content] if response else []
    return next((name for name in names if is_json(essence(name))), "application/json")
