"""The laws of a document (x-laws): what holds within an exchange, or between one and the next."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from wirecheck.cel import ITEM, ONE_EXCHANGE, SEQUENCE, Expression, Known, View, compiled
from wirecheck.model import SpecError
from wirecheck.spec import Operation, Spec, join

_SAID = re.compile(r"\brequest\s*\.\s*(body|query)\b")
_STATUS = re.compile(r"\bthen\.status\b")
_REMEMBERED = 4096  # items of which it is known whether they keep a law


@dataclass(frozen=True, slots=True)
class Law:
    """What holds of an operation, by name. ``pointer`` is where it stands in the document.

    ``then`` names the operation that is asked before and after, by the parameters of ``with_``;
    it is None for a law of one exchange. ``each`` gives items of the answer, for each of which it
    holds. A law that cannot be evaluated raises SpecError, which names the ``source`` of the exchange.
    """

    name: str
    message: str
    pointer: str
    when: Expression | None
    rule: Expression
    then: str | None
    with_: Mapping[str, Expression]
    each: Expression | None
    operation: str
    where: str = field(repr=False)
    _verdicts: dict[bytes, bool] = field(default_factory=dict, repr=False, compare=False)

    @property
    def covers_rejections(self) -> bool:
        """Whether it says something of an answer of ``then`` that is no success."""
        return self.then is not None and _STATUS.search(self.rule.bare) is not None

    @property
    def reads_request_values(self) -> bool:
        """Whether values of the request count, beyond what it is about."""
        return _SAID.search(self.rule.bare) is not None

    @property
    def depends_on_response(self) -> bool:
        """Whether what it asks depends on the answer."""
        return self.each is not None or any("response" in one.variables for one in self.with_.values())

    def applies(self, known: Known, source: str = "") -> bool:
        """Whether there is something to hold, by the request alone."""
        return self.when is None or self._truth(self.when, source, known)

    def violations(
        self, request: View, response: View, source: str = "", texts: dict[int, bytes] | None = None
    ) -> Iterator[str | None]:
        """Where an exchange breaks a law of one: pointers to items in the body, None for the whole.

        ``texts`` of items, by identity, spare laws of the same items to write them again.
        """
        texts = {} if texts is None else texts
        if self.each is None:
            if not self._truth(self.rule, source, self.rule.of(request=request, response=response)):
                yield None
            return
        found = self._value(self.each, source, Known({"request": request, "response": response}))
        path = self.each.path[2:] if self.each.path[:2] == ("response", "body") else None
        for index, item in enumerate(self._items(found, source)):
            if not self._kept_of(item, request, response, source, texts):
                place = (str(index),) if isinstance(found, list) else ()
                yield None if path is None else join("", *path, *place)

    def _kept_of(
        self, item: Any, request: View, response: View, source: str, texts: dict[int, bytes]
    ) -> bool:
        """Whether it holds of an item; that is remembered where nothing else counts."""
        if self.rule.variables != ITEM:
            known = self.rule.of(request=request, response=response, item=item)
            return self._truth(self.rule, source, known)
        try:
            text = texts[id(item)] if id(item) in texts else msgspec.json.encode(item)
        except RecursionError:
            return self._truth(self.rule, source, self.rule.of(item=item))
        texts[id(item)] = text
        if text not in self._verdicts:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            self._verdicts[text] = self._truth(self.rule, source, self.rule.of(item=item))
        return self._verdicts[text]

    def satisfied(
        self,
        request: View,
        response: View,
        before: View,
        then: View,
        source: str = "",
        item: Any = None,
    ) -> bool:
        """Whether a law between exchanges holds, of an item if it is about items.

        ``before`` and ``then`` are answers of the operation ``then``.
        """
        views = {"request": request, "response": response, "before": before, "then": then, "item": item}
        return self._truth(self.rule, source, self.rule.of(**views))

    def items(self, request: View, response: View, source: str = "") -> list[Any]:
        """What it is about: items of an answer, or None for the whole."""
        if self.each is None:
            return [None]
        return self._items(
            self._value(self.each, source, Known({"request": request, "response": response})), source
        )

    def _items(self, found: Any, source: str) -> list[Any]:
        """An object is an item by itself."""
        if isinstance(found, dict):
            return [found]
        if not isinstance(found, list):
            raise self._trouble(source, "each gives neither a list nor an object")
        return found

    def arguments(
        self, request: View, response: View | None = None, source: str = "", item: Any = None
    ) -> dict[str, Any]:
        """The parameters to ask the operation ``then`` with; those of a write need no answer."""
        views = {"request": request, "response": response, "item": item}
        return {name: self._value(one, source, one.of(**views)) for name, one in self.with_.items()}

    def _truth(self, expression: Expression, source: str, known: Known) -> bool:
        value = self._value(expression, source, known)
        if not isinstance(value, bool):
            raise self._trouble(source, "it is neither true nor false")
        return value

    def _value(self, expression: Expression, source: str, known: Known) -> Any:
        try:
            return expression.on(known)
        except KeyError as error:
            key = str(error.args[0])
            named = f'"{key}"' if key in expression.text else "a member"
            raise self._trouble(source, f"{named} is not there (ask with has() before)") from None
        except Exception as error:  # of the many that the library raises; their texts may hold values
            raise self._trouble(source, f"{type(error).__name__} in {expression.text}") from None

    def _trouble(self, source: str, reason: str) -> SpecError:
        on = f" on {source}" if source else ""
        what = f"#{self.pointer}: the law {self.name} of {self.operation} cannot be evaluated{on}: {reason}"
        return SpecError(self.where, what)


Laws = Mapping[str, tuple[Law, ...]]
"""The laws by the name of their operation."""


def applying(laws: Iterable[Law], request: View, source: str = "") -> list[Law]:
    """The laws that have something to hold, by the request alone."""
    known = Known({"request": request})
    return [law for law in laws if law.applies(known, source)]


def laws(spec: Spec) -> Laws:
    """All laws of a document, compiled; raises SpecError where one is none."""
    return {
        operation.name: tuple(_law(spec, operation, name) for name in found)
        for operation in spec.operations
        if (found := _written(spec, operation))
    }


def _written(spec: Spec, operation: Operation) -> View:
    written: Any = spec.document.get(operation.pointer).get("x-laws", {})
    if not isinstance(written, dict):
        raise spec.document.error(join(operation.pointer, "x-laws"), "an object of laws is wanted here")
    return written


def _law(spec: Spec, operation: Operation, name: str) -> Law:
    document, pointer = spec.document, join(operation.pointer, "x-laws", name)
    written = document.get(pointer)
    try:
        then, item = written.get("then"), ITEM if "each" in written else frozenset[str]()
        return Law(
            name=name,
            message=written["says"],
            pointer=pointer,
            when=compiled(written["when"], frozenset({"request"})) if "when" in written else None,
            rule=compiled(written["holds"], (ONE_EXCHANGE if then is None else SEQUENCE) | item),
            then=then,
            with_={key: compiled(one, ONE_EXCHANGE | item) for key, one in written.get("with", {}).items()},
            each=compiled(written["each"], ONE_EXCHANGE) if "each" in written else None,
            operation=operation.name,
            where=f"{document.name}:{document.line(pointer)}",
        )
    except ValueError as error:
        raise document.error(pointer, f"an expression of this law {error}") from None
    except (AttributeError, KeyError, TypeError):
        raise document.error(pointer, "is no law: `wirecheck lint` says why") from None
