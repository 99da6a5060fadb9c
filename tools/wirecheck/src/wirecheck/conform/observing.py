"""What is seen of a thing before and after a request, held against the laws of the operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wirecheck.cel import View
from wirecheck.conform.ask import Ask
from wirecheck.conform.lab import Lab
from wirecheck.conform.seen import Seen
from wirecheck.laws import Law, applying
from wirecheck.spec import Operation

UNDO = "x-undo"


@dataclass(frozen=True, slots=True)
class Done:
    """A write. ``before`` and ``after`` are answers, by the law that asked for them."""

    ask: Ask
    seen: Seen
    before: Mapping[str, Seen]
    after: Mapping[str, Seen]

    @property
    def changed_nothing(self) -> bool:
        """Nothing that was looked at."""
        both = self.before.keys() & self.after.keys()
        return all(self.before[name].payload == self.after[name].payload for name in both)


def hold(lab: Lab, done: Done) -> None:
    """Holds what was observed against the laws of the operation."""
    for law in lab.laws.get(done.ask.operation.name, ()):
        if law.name in done.before and law.name in done.after:
            hold_law(lab, law, done.seen, done.before[law.name], done.after[law.name])


def hold_law(lab: Lab, law: Law, seen: Seen, before: Seen, after: Seen, item: Any = None) -> None:
    """Holds an answer, or an item of it, against what ``then`` answers."""
    request, response = seen.views
    _, earlier = before.views
    _, later = after.views
    if request is None or response is None or earlier is None or later is None:
        return  # the judge has told why
    if not law.kept(request, response, earlier, later, seen.exchange.source, item):
        lab.broken(f"{law.name}: {law.says}", seen, f"#{law.pointer}")


def observed(
    lab: Lab, ask: Ask, seen: Seen | None = None, *, anew: bool = False, of_what_is_said: bool = False
) -> dict[str, Seen]:
    """What the laws of a write look at, as it was since the last write, or ``anew`` as it is now.

    Only those that see what the request says, if nothing else counts.
    """
    if anew:
        lab.looked.clear()
    request = lab.request_view(ask)
    response = seen.views[1] if seen else {}
    if request is None or response is None:
        return {}
    found = {}
    for law, question in _questions(lab, ask, request, response, of_what_is_said):
        answer = lab.look(question)
        if tells(lab, law, answer):
            found[law.name if law else UNDO] = answer
    return found


def _questions(
    lab: Lab, ask: Ask, request: View, response: View, of_what_is_said: bool
) -> Iterator[tuple[Law | None, Ask]]:
    """What laws ask, and what undoing does (None); items of an answer are asked about elsewhere."""
    laws = [law for law in lab.laws.get(ask.operation.name, ()) if law.then is not None and law.each is None]
    for law in applying(laws, request):
        if of_what_is_said and not law.sees_what_is_said:
            continue
        yield law, lab.question(str(law.then), ask.named() | law.arguments(request, response))
    way = described(lab, ask.operation)
    if "then" in way:
        yield None, lab.question(way["then"], ask.named())


def tells(lab: Lab, law: Law | None, seen: Seen) -> bool:
    """Whether an answer says anything about a law; a refusal does if it is one of what was asked for."""
    if seen.accepted or law is None or not law.takes_refusals:
        return seen.accepted
    return 400 <= seen.status < 500 and seen.status != 429 and not seen.is_retired


def described(lab: Lab, operation: Operation) -> dict[str, Any]:
    """How an operation is undone; empty if nothing says so."""
    value: dict[str, Any] = lab.spec.document.get(operation.pointer).get(UNDO, {})
    return value
