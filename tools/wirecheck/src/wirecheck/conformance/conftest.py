"""The conformance suite as tests of pytest: one for each requirement, which share a session."""

import os
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wirecheck.config import ConfigFile, read
from wirecheck.conform import (
    Requirement,
    Session,
    SessionOptions,
    State,
    Transport,
    not_undone,
    open_session,
    requirements,
    undoing,
)
from wirecheck.conform.asgi import InProcess, application_at
from wirecheck.conform.junit import failure_text
from wirecheck.escapes import printable
from wirecheck.model import TargetError, WirecheckError
from wirecheck.spec import Spec, load, locate


@dataclass
class _Subject:
    """What is tested: the document, the application if it is one in this process, and the requirements."""

    file: ConfigFile
    spec: Spec
    application: InProcess | None
    chosen: list[Requirement]


_SUBJECT = pytest.StashKey[_Subject]()
_ERROR = pytest.StashKey[str]()
_OPENED = pytest.StashKey[Session]()


class Requirements(pytest.File):
    """The requirements of the document."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            subject = self.config.stash[_SUBJECT] = _subject(self.config)
        except WirecheckError as error:
            self.config.stash[_ERROR] = printable(str(error))
            return
        for requirement in subject.chosen:
            # JUnit shows what precedes the last :: as the class; pytest-xdist keeps one beginning together.
            name = printable(f"{requirement.kind}: {requirement.what}")
            nodeid = f"wirecheck::{printable(requirement.operation)}::{name}"
            yield RequirementItem.from_parent(
                self, name=printable(requirement.name), nodeid=nodeid, requirement=requirement
            )


class RequirementItem(pytest.Item):
    """A test of one requirement. Inconclusive ones are skipped."""

    def __init__(self, *, requirement: Requirement, **more: Any) -> None:
        super().__init__(**more)
        self._requirement = requirement

    def setup(self) -> None:
        if _OPENED not in self.config.stash:
            stack = ExitStack()
            self.session.addfinalizer(stack.close)
            try:
                self.config.stash[_OPENED] = _opened(self.config, stack)
            except WirecheckError as error:
                pytest.exit(printable(str(error)), returncode=pytest.ExitCode.USAGE_ERROR)

    def runtest(self) -> None:
        tested, requirement = self.config.stash[_OPENED], self._requirement
        try:
            if tested.preflight.failure and not tested.preflight.is_of_access:
                raise TargetError(requirement.operation, tested.preflight.failure)
            outcome = tested.run(requirement)
        except TargetError as error:
            violated = self.session.testsfailed and tested.target.has_responded
            pytest.exit(f"inconclusive: {printable(error.what)}", returncode=1 if violated else 2)
        if outcome.state is State.INCONCLUSIVE:
            pytest.skip(printable(outcome.reason))
        if outcome.state is State.VIOLATED:
            pytest.fail(failure_text(outcome), pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """Collects requirements in the place of the functions of the one test module."""
    is_suite = module_path.name == "test_requirements.py"
    return Requirements.from_parent(parent, path=module_path) if is_suite else None


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    if error := config.stash.get(_ERROR, ""):
        raise pytest.UsageError(error)


def _opened(config: pytest.Config, stack: ExitStack) -> Session:
    """A session that is closed with the stack. What it wrote is undone then; what is left is a warning."""
    option: Any = config.getoption
    subject = config.stash[_SUBJECT]
    application = subject.application or _application(config)
    url = application.url(subject.spec) if application else option("--wirecheck-url")
    file, configured = subject.file, subject.file.config
    token, values = option("--wirecheck-token"), option("--wirecheck-values")
    if token is None and configured.token:
        token = file.secret("token", configured.token)
    if values is None and configured.values:
        values = Path(file.beside(configured.values))
    tokens_without = {
        scope: file.secret(f"tokens_without.{scope}", variable)
        for scope, variable in configured.tokens_without.items()
    }
    tokens_of = {
        name: file.secret(f"tokens_of.{name}", variable) for name, variable in configured.tokens_of.items()
    }
    options = SessionOptions(
        url=url,
        token=token,
        tokens_without=tokens_without | dict(option("--wirecheck-token-without")),
        tokens_of=tokens_of | dict(option("--wirecheck-token-of")),
        values=values,
        also=tuple(option("--wirecheck-also")),
        seed=option("--wirecheck-seed"),
        read_only=option("--wirecheck-read-only"),
        write=option("--wirecheck-write") or configured.write,
        settle=option("--wirecheck-settle") or configured.settle,
        skips=configured.skips_finding,
        rate=option("--wirecheck-rate") or configured.rate,
        listen=option("--wirecheck-listen"),
        allowed_host=option("--wirecheck-yes-i-may-test"),
    )
    http = application or stack.enter_context(Transport(url))
    session = stack.enter_context(open_session(subject.spec, options, http))
    stack.callback(_warn_of_what_is_left, session)
    stack.enter_context(undoing(session))
    return session


def _warn_of_what_is_left(session: Session) -> None:
    if left := list(not_undone(session)):
        warnings.warn("not undone:\n" + "\n".join(left), stacklevel=1)


def _subject(config: pytest.Config) -> _Subject:
    if bool(config.getoption("--wirecheck-url")) == bool(config.getoption("--wirecheck-app")):
        raise TargetError(
            "wirecheck.conformance", "give either --wirecheck-url URL or --wirecheck-app MODULE:NAME"
        )
    file = read(None, datetime.now(UTC).date())
    named = config.getoption("--wirecheck-spec") or os.environ.get("WIRECHECK_SPEC")
    if not named and file.config.spec:
        named = file.beside(file.config.spec)
    application = None if named else _application(config)
    own = application.document() if application else None
    spec = own or load(named or locate())
    names = config.getoption("--wirecheck-operation")
    if unknown := set(names) - {operation.name for operation in spec.operations}:
        raise TargetError("--wirecheck-operation", f"there is no operation {min(unknown)!r}")
    chosen = [
        requirement
        for requirement in requirements(spec)
        if (not names or requirement.operation in names)
        and not file.config.skips_requirement(requirement.operation, requirement.kind, requirement.what)
    ]
    return _Subject(file, spec, application, chosen)


def _application(config: pytest.Config) -> InProcess | None:
    """The application of --wirecheck-app after its startup; its shutdown is run when pytest ends."""
    path = config.getoption("--wirecheck-app")
    if not path:
        return None
    application = InProcess(application_at(path, "--wirecheck-app")).__enter__()
    config.add_cleanup(application.close)
    return application
