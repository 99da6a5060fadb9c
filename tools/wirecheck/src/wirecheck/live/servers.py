"""What the middleware of ASGI and of WSGI have in common."""

import logging
from urllib.parse import quote, unquote

from msgspec.structs import replace

from wirecheck.checks import Verdict
from wirecheck.checks.request import operation_known
from wirecheck.limits import without_forks
from wirecheck.live.monitor import AnyDocument, Mode, Monitor, violations
from wirecheck.live.problem import PROBLEM, problem
from wirecheck.live.violation import ViolationError
from wirecheck.model import Exchange, Finding, Headers, Side

HEADER = "X-Wirecheck-Violations"
"""The header that has the number of violations, where there are any and the mode is to warn."""

_STREAM = "text/event-stream"
_REJECTED = 400  # as problem documents have it
_KINDS = 1000  # of findings whose fingerprints are remembered
_LOGGER = logging.getLogger("wirecheck.live")


class ServerJudge:
    """Judges the exchanges of a server, and logs each kind of violation once."""

    def __init__(self, document: AnyDocument | Monitor, mode: Mode | str) -> None:
        self.monitor = Monitor.of(document)
        self.mode = Mode(mode)
        self._logged = set[str]()

    @property
    def holds(self) -> bool:
        """Whether a response is held back until it was judged."""
        return self.mode is not Mode.REPORT

    def rejection(self, request: Exchange) -> tuple[int, bytes] | None:
        """What is sent in place of the response to a request that violates the document.

        Paths that are not in the document are left to the application, which may serve more than the API.
        """
        try:
            with without_forks():
                findings = self.monitor.request_findings(request)
        except Exception:
            return None  # which `judge` will meet again, and counts
        errors = [
            replace(finding, status=_REJECTED)
            for finding in violations(findings, Side.REQUEST)
            if finding.check != operation_known.id
        ]
        self._log(errors)
        return problem(Side.REQUEST, errors) if errors else None

    def judge(self, exchange: Exchange) -> Verdict | None:
        verdict = self.monitor.try_judge(exchange)
        if verdict is not None:
            self._log(_errors(verdict))
        return verdict

    def headers(self, verdict: Verdict | None) -> list[tuple[str, str]]:
        """What is added to the headers of a response."""
        errors = _errors(verdict) if verdict is not None else []
        return [(HEADER, str(len(errors)))] if errors and self.mode is Mode.WARN else []

    def replacement(self, verdict: Verdict | None) -> tuple[int, bytes] | None:
        """What is sent in place of a response that violates the document.

        The status is 500: this server failed, where 502 would blame one behind it (RFC 9110, section 15.6).
        """
        if verdict is None or self.mode is not Mode.ENFORCE:
            return None
        errors = violations(verdict.findings, Side.RESPONSE)
        return problem(Side.RESPONSE, errors, of_response=500) if errors else None

    def _log(self, errors: list[Finding]) -> None:
        for finding in errors:
            if finding.fingerprint not in self._logged and len(self._logged) < _KINDS:
                self._logged.add(finding.fingerprint)
                _LOGGER.warning("%s", ViolationError([finding]))


def headers_of_problem(body: bytes) -> list[tuple[str, str]]:
    return [("Content-Type", PROBLEM), ("Content-Length", str(len(body)))]


def target(root: str, path: str, raw: bytes, query: bytes, encoding: str = "utf-8") -> str:
    """Path and query of a request as the client sent them.

    ``path`` is decoded, and begins with the ``root`` of the application; ``raw`` was sent, and may lack it.
    """
    sent = raw.partition(b"?")[0].decode("latin-1")
    candidates = (sent, quote(root, encoding=encoding, errors="replace") + sent) if sent else ()
    same = (each for each in candidates if unquote(each, encoding, "replace") == path)
    text = next(same, None) or quote(_reencoded(path, encoding), errors="replace")
    return f"{text}?{query.decode('latin-1')}" if query else text


def _reencoded(path: str, encoding: str) -> str:
    """The text of a path that should be that of its bytes (PEP 3333), which some servers do not know."""
    try:
        return path.encode(encoding).decode()
    except UnicodeError:
        return path


def is_stream(headers: Headers) -> bool:
    """Whether a response may have no end, and so is never held back."""
    return any(name == "content-type" and value.lower().startswith(_STREAM) for name, value in headers)


def _errors(verdict: Verdict) -> list[Finding]:
    return [*violations(verdict.findings, Side.REQUEST), *violations(verdict.findings, Side.RESPONSE)]
