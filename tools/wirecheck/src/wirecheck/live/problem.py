"""What a client gets in the place of a message that violates the document."""

import json
from collections.abc import Sequence

from wirecheck.model import Finding, Side

PROBLEM = "application/problem+json"
"""The media type of what `problem` gives (RFC 9457)."""

_MOST = 20  # findings that are listed


def problem(side: Side, findings: Sequence[Finding], *, of_response: int = 502) -> tuple[int, bytes]:
    """Status and body of a problem document (RFC 9457) about the findings of a request or a response.

    The status is 400 for a request that was not sent on, and ``of_response`` for a response that was not let
    through.
    """
    status = 400 if side is Side.REQUEST else of_response
    listed = [
        {
            "check": finding.check,
            "message": finding.message,
            "pointer": finding.pointer,
            "document": f"{finding.spec_file}:{finding.line}",
            "fingerprint": finding.fingerprint,
        }
        for finding in findings[:_MOST]
    ]
    body = {
        "title": f"The {side} violates the OpenAPI document",
        "status": status,
        "detail": findings[0].message if findings else "",
        "operation": findings[0].operation if findings else None,
        "violations": len(findings),
        "findings": listed,
    }
    return status, json.dumps(body, ensure_ascii=False).encode()


def failure(status: int, title: str) -> bytes:
    """The body of a problem document about a message that could not be passed on."""
    return json.dumps({"title": title, "status": status}).encode()
