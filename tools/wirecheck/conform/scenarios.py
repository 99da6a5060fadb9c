"""What a write changes, and what it must not: observed before and after, then undone (x-undo)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from wirecheck.conform.lab import Lab, Seen, UntestableError
from wirecheck.conform.target import READS, Ask
from wirecheck.decode import property_schema
from wirecheck.laws import SEQUENCE, Expression, View
from wirecheck.spec import Operation, Spec

_UNDO = "x-undo"


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


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """Of an operation that writes; what undoes another is tested there."""
    undoes = {
        spec.document.get(one.pointer)[_UNDO]["operation"]
        for one in spec.operations
        if _UNDO in spec.document.get(one.pointer)
    }
    value = spec.document.get(operation.pointer)
    if operation.method in READS:
        if any("then" in law for law in value.get("x-laws", {}).values()):
            yield "laws", "agrees with what else is told", partial(_agrees, operation=operation)
    elif operation.name not in undoes or _UNDO in value:
        yield "laws", "does what it says, and is undone", partial(_does, operation=operation)


def _agrees(lab: Lab, operation: Operation) -> None:
    """What one operation tells, others tell, too."""
    lab.each(lab.asks(operation), partial(_done, lab))


def refuses(lab: Lab, operation: Operation, credentials: Mapping[str, str], why: str) -> None:
    """All requests are refused for their credentials, without effect; of reads one is enough."""
    asks = [lab.base(operation)] if operation.method in READS else variants(lab, operation)
    lab.each((replace(ask, credentials=credentials) for ask in asks), lambda ask: unchanged(lab, ask, why))


def unchanged(lab: Lab, ask: Ask, why: str) -> None:
    """Sends a request that must be refused, and then must have changed nothing."""
    if ask.operation.method in READS:
        lab.refused(ask, why)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    like = replace(ask, credentials=None)
    if lab.request_view(like) is None:  # laws see nothing of a request that breaks its schema
        like = lab.base(ask.operation)
    before = observed(lab, like)
    seen = lab.refused(ask, why)
    after = observed(lab, like)
    done = Done(ask, seen, before, after)
    if seen.accepted:
        undo(lab, done)
    elif not done.changed_nothing:
        lab.broken(f"{why}: it is refused, but changes what can be read", seen)


def taken(lab: Lab, ask: Ask) -> None:
    """Sends a request that must be accepted, holds it against the laws, and undoes it."""
    if ask.operation.method in READS:
        lab.accepted(ask)
        return
    if lab.read_only:
        raise UntestableError("it writes")
    undo(lab, _done(lab, ask))


def _does(lab: Lab, operation: Operation) -> None:
    if lab.read_only:
        raise UntestableError("it writes")
    lab.require_means(operation)
    tested = False
    for ask in variants(lab, operation):
        if not can_be_undone(lab, ask):
            continue
        tested = True
        done = _done(lab, ask)
        way = _described(lab, operation)
        if way and "when" not in way:
            _twice(lab, done)
        undo(lab, done)
        if done.changed_nothing:  # it was so before; now that it is undone, it changes something
            _done(lab, ask)
    for values in lab.values.lasting.get(operation.name, ()):
        tested = True
        _done(lab, lab.question(operation.name, values))
    if not tested:
        raise UntestableError("it could not be undone: give --values of other things")


def _twice(lab: Lab, done: Done) -> None:
    """The same once more, when it was done already."""
    try:
        again = _done(lab, done.ask)
    except UntestableError:
        return
    if _undoing(lab, again) != _undoing(lab, done):
        undo(lab, again)


def variants(lab: Lab, operation: Operation) -> Iterator[Ask]:
    """Known requests, and those with each value of an enumerated field of the body."""
    document = lab.spec.document
    for ask in lab.asks(operation):
        yield ask
        if not isinstance(ask.body, dict) or operation.request_body is None:
            continue
        schema = operation.request_body.content[0].schema
        for name, value in ask.body.items():
            pointer = schema and property_schema(document, schema, name)
            described = document.get(document.follow(pointer)) if pointer else {}
            for other in described.get("enum", []):
                if other != value:
                    yield replace(ask, body=ask.body | {name: other})


def _done(lab: Lab, ask: Ask) -> Done:
    """A request, held against its laws; a read changes nothing between before and after."""
    reads = ask.operation.method in READS
    before = {} if reads else observed(lab, ask)
    seen = lab.accepted(ask)
    after = observed(lab, ask, seen)
    before = after if reads else before
    done = Done(ask, seen, before, after)
    hold(lab, done)
    return done


def hold(lab: Lab, done: Done) -> None:
    """Holds what was observed against the laws of the operation."""
    request, response = lab.views(done.seen)
    for law in lab.laws.get(done.ask.operation.name, ()):
        if law.then is None or law.name not in done.before or law.name not in done.after:
            continue
        _, earlier = lab.views(done.before[law.name])
        _, later = lab.views(done.after[law.name])
        if request is None or response is None or earlier is None or later is None:
            continue  # the judge has told why
        if not law.kept(request, response, earlier, later, done.seen.exchange.source):
            lab.broken(f"{law.name}: {law.says}", done.seen, f"#{law.pointer}")


def observed(lab: Lab, ask: Ask, seen: Seen | None = None) -> dict[str, Seen]:
    """What the laws of a write look at, as it is now. One question serves all that ask the same."""
    request = lab.request_view(ask)
    response = lab.views(seen)[1] if seen else {}
    if request is None or response is None:
        return {}
    answers: dict[str, Seen] = {}
    found = {}
    for name, then, arguments in _questions(lab, ask, request, response):
        question = lab.question(then, ask.named() | arguments)
        key = repr(question)
        if key not in answers:
            answers[key] = lab.ask(question)
        if answers[key].accepted:
            found[name] = answers[key]
    return found


def _questions(
    lab: Lab, ask: Ask, request: View, response: View
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for law in lab.laws.get(ask.operation.name, ()):
        if law.then is not None and law.applies(request):
            yield law.name, law.then, law.arguments(request, response)
    way = _described(lab, ask.operation)
    if "then" in way:
        yield _UNDO, way["then"], {}


def _described(lab: Lab, operation: Operation) -> dict[str, Any]:
    value: dict[str, Any] = lab.spec.document.get(operation.pointer).get(_UNDO, {})
    return value


def can_be_undone(lab: Lab, ask: Ask) -> bool:
    """Whether undoing a write would restore what was (x-undo, when)."""
    way = _described(lab, ask.operation)
    if "when" not in way:
        return True
    before = observed(lab, ask).get(_UNDO)
    views = {"request": lab.request_view(ask), "before": before and lab.views(before)[1]}
    if None in views.values():
        return False
    return Expression(way["when"], {"request", "before"})(**views) is True


def undo(lab: Lab, done: Done) -> None:
    """Undoes a write, by an operation that has laws of its own."""
    if not _described(lab, done.ask.operation):
        return
    undoing = _undoing(lab, done)
    if undoing is None:
        lab.broken("what was done is not to be found, so it is not undone", done.seen)
    else:
        _done(lab, undoing)


def _undoing(lab: Lab, done: Done) -> Ask | None:
    """What undoes a write; None if that cannot be told."""
    way = _described(lab, done.ask.operation)
    request, response = lab.views(done.seen)
    views = {
        "request": request,
        "response": response,
        "before": lab.views(done.before[_UNDO])[1] if _UNDO in done.before else None,
        "then": lab.views(done.after[_UNDO])[1] if _UNDO in done.after else None,
    }
    try:
        arguments = {name: Expression(text, SEQUENCE)(**views) for name, text in way.get("with", {}).items()}
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError):
        return None
    return lab.question(way["operation"], done.ask.named() | arguments)
