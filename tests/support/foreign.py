"""Small documents of any version, and what is found in exchanges with them."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from wirecheck.checks import Judge, Verdict
from wirecheck.model import Exchange, Severity
from wirecheck.spec import Spec, load
from wirecheck.spec.text import read

HOST = "https://api.test"
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Loaded:
    """A document of one or more files, and a judge of exchanges with it."""

    folder: Path
    spec: Spec
    judge: Judge

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """File, pointer and message of each problem of the document."""
        document = self.spec.document
        origins = ((document.where(problem), problem.message) for problem in document.problems)
        return [(self._name(origin.file), origin.pointer, message) for origin, message in origins]

    def verdict(self, method: str, target: str, **more: Any) -> Verdict:
        return self.judge.judge(exchange(method, target, **more))

    def errors(self, method: str, target: str, **more: Any) -> list[str]:
        """The errors of an exchange: ``check file#pointer``, with the line that the pointer has there."""
        return [
            f"{finding.check} {self._place(finding.spec_file, finding.spec_pointer, finding.line)}"
            for finding in self.verdict(method, target, **more).findings
            if finding.severity is Severity.ERROR
        ]

    def _place(self, file: str, pointer: str, line: int) -> str:
        if not file.startswith("http"):
            assert line == read(Path(file)).line(pointer.removeprefix("#")), f"{file}:{line} {pointer}"
        return f"{self._name(file)}{pointer}"

    def _name(self, file: str) -> str:
        name = str(Path(file).relative_to(self.folder)) if file.startswith(str(self.folder)) else file
        return "" if name == "api.yaml" else name


def written(folder: Path, files: dict[str, str | bytes]) -> None:
    """Writes files, by their paths below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())


def loaded(text: str, files: dict[str, str | bytes] | None = None, **options: Any) -> Loaded:
    """A document, api.yaml, with the files beside it, which stay until the interpreter ends."""
    folder = Path(tempfile.mkdtemp(dir=_FOLDER.name))
    written(folder, {"api.yaml": text, **(files or {})})
    spec = load(folder / "api.yaml", **options)
    return Loaded(folder, spec, Judge(spec))


_FOLDER = tempfile.TemporaryDirectory(prefix="documents-")


def exchange(
    method: str,
    target: str,
    *,
    sent: str | bytes | None = None,
    sent_as: str = JSON,
    status: int = 200,
    body: str | bytes | None = None,
    body_as: str = JSON,
    headers: dict[str, str] | None = None,
    response_headers: dict[str, str] | None = None,
) -> Exchange:
    """An exchange with a request ``sent`` and a response ``body``; header names are in lower case."""
    requested = {
        "host": "api.test",
        **({"content-type": sent_as} if sent is not None else {}),
        **(headers or {}),
    }
    responded = {"server": "test", "content-type": body_as} if body is not None else {}
    return Exchange(
        source="a.har#0",
        entry=0,
        method=method,
        url=target if "://" in target else HOST + target,
        status=status,
        request_headers=tuple(requested.items()),
        request_body=sent.encode() if isinstance(sent, str) else sent,
        response_headers=(*responded.items(), *(response_headers or {}).items()),
        response_body=body.encode() if isinstance(body, str) else body,
    )
