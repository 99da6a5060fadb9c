"""Checks of requests: an accepted request is valid, so a server that accepts an invalid one is at fault."""

import re
from collections.abc import Iterator
from itertools import takewhile

from wirecheck.checks.subject import Subject, as_body_violation, as_violation, check
from wirecheck.engine import SchemaViolation
from wirecheck.model import Severity, Side, Violation
from wirecheck.spec import Parameter, join


@check(Severity.ERROR, Side.REQUEST)
def operation_known(subject: Subject) -> Iterator[Violation]:
    """The document has the path of the request.

    Paths are below the path of the document's servers, or below --base-path. It is only a warning
    where the server rejected the request with 4xx, and for a path that is not below that prefix:
    recordings often contain traffic of other services.
    """
    if subject.match is not None:
        return
    fitting = subject.spec.base_paths(subject.exchange.method.upper(), subject.path)
    hint = f" (--base-path {subject.masked.text(fitting[0] or '/')} would fit)" if len(fitting) == 1 else ""
    if subject.spec.covers(subject.path):
        what = f"the document has no path {subject.masked_path}{hint}"
        yield Violation(what, "/paths", severity=_unless_rejected(subject))
    else:
        prefixes = " or ".join(prefix or "/" for prefix in subject.spec.prefixes)
        what = f"{subject.masked_path} is not below {prefixes}, where the API is served{hint}"
        yield Violation(what, "/paths", severity=Severity.WARNING)


@check(Severity.ERROR, Side.REQUEST)
def method_allowed(subject: Subject) -> Iterator[Violation]:
    """The path has an operation for the method.

    HEAD is allowed wherever GET is (RFC 9110, 9.3.2), OPTIONS everywhere. It is only a warning
    where the server rejected the request with 4xx, or with 501 (RFC 9110, 15.6.2).
    """
    match, exchange = subject.match, subject.exchange
    if match is None or match.operation is not None or exchange.method.upper() == "OPTIONS":
        return
    listed = ", ".join(match.methods)
    what = f"{exchange.method} is not documented for {match.template} (documented: {listed})"
    is_unknown = exchange.status == 501
    severity = Severity.WARNING if is_unknown else _unless_rejected(subject)
    yield Violation(what, match.pointer, severity=severity)


def _unless_rejected(subject: Subject) -> Severity:
    return Severity.WARNING if 400 <= subject.exchange.status < 500 else Severity.ERROR


@check(Severity.ERROR, Side.REQUEST)
def request_parameters_match(subject: Subject) -> Iterator[Violation]:
    """An accepted request has the required parameters, and all of them match their schemas.

    Path, query, header and cookie parameters are decoded by their style. An invalid request that
    the server rejected with 4xx is no violation. Undocumented parameters are ignored. Parts of
    a schema that are named rules are left to rule-broken-but-accepted.
    """
    if not subject.accepted:
        return
    for sent in subject.request.parameters:
        parameter = sent.parameter
        culprit, name = _culprit(parameter), _name(parameter)
        if sent.is_missing:
            yield Violation(f"{culprit} is missing", parameter.pointer, kind=f"{name} missing")
        for violation in subject.parameter_violations(sent):
            if violation.rule is None:
                yield as_violation(violation, culprit, None, name)


@check(Severity.WARNING, Side.REQUEST)
def query_parameters_spelled(subject: Subject) -> Iterator[Violation]:
    """An accepted request does not misspell a query parameter.

    Undocumented parameters are allowed. It is a warning if the name of one differs by a single letter, or
    only by hyphens and the like, from that of a documented parameter which was not sent: servers ignore
    names that they do not know. Names that differ by case or by a digit are not compared.
    """
    body = subject.operation.request_body
    if not subject.accepted or (body is not None and body.also_in_query):
        return
    unsent = {
        sent.parameter.name: sent.parameter.pointer
        for sent in subject.request.parameters
        if sent.parameter.location == "query" and sent.is_known and not sent.is_sent
    }
    if not unsent:
        return
    for name in dict.fromkeys(name for name, _ in subject.request.undocumented):
        meant = [documented for documented in unsent if is_misspelt(name, documented)]
        if len(meant) == 1:
            what = f'the query parameter "{name}" is not documented, but "{meant[0]}" is'
            yield Violation(what, unsent[meant[0]], kind=f"query {meant[0]}")


_SHORTEST = 4  # characters of a name that is compared


def is_misspelt(name: str, documented: str) -> bool:
    """Whether a name is so much like a documented one that nothing else can be meant."""
    sent, right = name.casefold(), documented.casefold()
    if sent == right or min(len(sent), len(right)) < _SHORTEST:
        return False
    if _SEPARATORS.sub("", sent) == _SEPARATORS.sub("", right):
        return True
    alike = _alike(sent, right)
    sent, right = sent[alike:], right[alike:]
    alike = _alike(sent[::-1], right[::-1])
    sent, right = sent[: len(sent) - alike], right[: len(right) - alike]
    is_one_edit = max(len(sent), len(right)) == 1 or (len(sent) == 2 and sent == right[::-1])
    return is_one_edit and (sent + right).isalpha()


def _alike(left: str, right: str) -> int:
    """The number of characters with which both texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


_SEPARATORS = re.compile(r"[-_.\[\]]")


@check(Severity.ERROR, Side.REQUEST)
def request_body_matches(subject: Subject) -> Iterator[Violation]:
    """An accepted request has the documented body.

    Forms and JSON are decoded and validated against the schema. A body that was not recorded is
    not judged, nor is a request that the server rejected with 4xx. Named rules are left to
    rule-broken-but-accepted.
    """
    if not subject.accepted:
        return
    body = subject.request.body
    if body is not None and body.violation is not None:
        yield body.violation
    for violation in subject.request_body_violations:
        if violation.rule is None:
            yield as_body_violation(violation)


@check(Severity.ERROR, Side.REQUEST)
def rule_broken_but_accepted(subject: Subject) -> Iterator[Violation]:
    """A request that violates a named rule (x-rule) does not succeed with 2xx.

    Rules are named sub-schemas (x-rule) in the schemas of parameters and request bodies.
    """
    if not 200 <= subject.exchange.status < 300:
        return
    for sent in subject.request.parameters:
        for violation in subject.parameter_violations(sent):
            if violation.rule is not None:
                culprit = _culprit(sent.parameter)
                yield _rule_violation(
                    subject, violation, violation.rule, culprit, None, _name(sent.parameter)
                )
    for violation in subject.request_body_violations:
        if violation.rule is not None:
            pointer = join("", *violation.path)
            yield _rule_violation(subject, violation, violation.rule, f"request body {pointer}", pointer)


@check(Severity.WARNING, Side.REQUEST)
def credentials_present(subject: Subject) -> Iterator[Violation]:
    """An accepted request carries the credentials of one of the security alternatives.

    An apiKey belongs where its scheme says (with x-in-form also in a form), http credentials in
    Authorization, an OAuth 2 token in Authorization, in the query or in a form (RFC 6750). Only
    their presence is verified. It is a warning, because credentials are often removed from
    recordings.
    """
    alternatives = subject.operation.security
    if not subject.accepted or not alternatives:
        return
    present = {credential.scheme for credential in subject.request.credentials if credential.is_present}
    if not any(present.issuperset(schemes) for schemes in alternatives):
        names = [" with ".join(scheme.name for scheme in schemes) for schemes in alternatives]
        listed = " or ".join(dict.fromkeys(names))
        yield Violation(f"accepted without credentials ({listed})", subject.operation.security_pointer)


def _rule_violation(
    subject: Subject,
    violation: SchemaViolation,
    rule_pointer: str,
    culprit: str,
    pointer: str | None,
    name: str = "",
) -> Violation:
    rule = subject.spec.document.get(rule_pointer)
    sentence = rule.get("x-message", f"It {violation.problem}.")
    what = f'{culprit} violates the rule "{rule["x-rule"]}" but was accepted: {sentence}'
    return Violation(what, rule_pointer, pointer, kind=f"{name} {rule['x-rule']}".strip())


def _name(parameter: Parameter) -> str:
    return f"{parameter.location} {parameter.name}"


def _culprit(parameter: Parameter) -> str:
    return f'the {parameter.location} parameter "{parameter.name}"'
