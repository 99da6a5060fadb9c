"""Failures of the fuzzer as they are saved: by the steps that lead to them."""

from base64 import b64decode, b64encode

from wirecheck.conform.saved import VERSION, FailureDetails, SavedFailure, SavedStep, api_name
from wirecheck.fuzz.session import Failure
from wirecheck.fuzz.wire import Step
from wirecheck.spec import Spec


def file_of(spec: Spec, seed: int, failure: Failure) -> SavedFailure:
    """The file that repeats a failure."""
    details = FailureDetails(**{name: getattr(failure, name) for name in FailureDetails.__struct_fields__})
    return SavedFailure(VERSION, api_name(spec), seed, details, [_written(step) for step in failure.steps])


def steps(file: SavedFailure) -> tuple[Step, ...]:
    """The steps of a saved failure."""
    return tuple(
        Step(
            method=saved.method,
            target=saved.target,
            headers=tuple(saved.headers),
            body=b64decode(saved.base64) if saved.base64 is not None else (saved.text or "").encode(),
            undoes=saved.undoes,
        )
        for saved in file.steps
    )


def _written(step: Step) -> SavedStep:
    if step.undoes is not None:
        return SavedStep(undoes=step.undoes)
    written = SavedStep(step.method, step.target, [*step.headers])
    try:
        written.text = step.body.decode() or None
    except UnicodeDecodeError:
        written.base64 = b64encode(step.body).decode()
    return written
