"""One law, or one invariant: what it says, and whether exchanges and values satisfy it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from wirecheck.cel import BudgetError, Expression, View
from wirecheck.model import LimitError, SpecError
from wirecheck.spec import join

OF_REQUEST = ("method", "path", "query", "body", "credentials")
"""The members of a request, as laws see it."""
_REQUEST_VALUES = r"\brequest\s*\.\s*(body|query)\b"
_LATER_STATUS = r"\bthen\.status\b"
_OVER_BUDGET = "it would take more steps than an evaluation may: nested lists or patterns are too long for it"


class Law(Struct, frozen=True, kw_only=True):
    """A law of an operation, or an invariant of a schema, by name; ``pointer`` is where it is defined.

    ``then`` names the operation that is requested before and after, with the parameters of ``with_``;
    it is None for a law of one exchange. ``each`` selects items of the response, each of which must
    satisfy the law. ``schema`` is the pointer of the schema of whose values an invariant is, None for
    a law. Raises SpecError, which names the ``source`` of the exchange, where an expression cannot be
    evaluated.
    """

    name: str
    message: str
    pointer: str
    rule: Expression
    when: Expression | None = None
    then: str | None = None
    with_: Mapping[str, Expression] = {}
    each: Expression | None = None
    schema: str | None = None
    operation: str = ""
    where: str

    @property
    def covers_rejections(self) -> bool:
        """Whether it says something about a response of ``then`` that is not a success."""
        return self.then is not None and re.search(_LATER_STATUS, self.rule.bare) is not None

    @property
    def reads_request_values(self) -> bool:
        """Whether it depends on values of the request, beyond what the request is about."""
        return re.search(_REQUEST_VALUES, self.rule.bare) is not None

    @property
    def reads_of_request(self) -> Iterator[str]:
        """The members of the request that it reads, of all if it reads the whole."""
        read = (self.rule, *filter(None, (self.when, self.each)))
        paths = [path for expression in read for path in expression.paths if path[:1] == ("request",)]
        return (name for path in paths for name in (path[1:2] or OF_REQUEST))

    @property
    def reads_headers(self) -> bool:
        """Whether it depends on headers of the response that it is about."""
        expressions = (self.rule, self.each) if self.each is not None else (self.rule,)
        paths = (path for expression in expressions for path in expression.paths)
        return any(path == ("response",) or path[:2] == ("response", "headers") for path in paths)

    @property
    def depends_on_response(self) -> bool:
        """Whether the parameters of ``then`` depend on the response."""
        return self.each is not None or any("response" in text.variables for text in self.with_.values())

    def applies(self, request: View, source: str = "") -> bool:
        """Whether it applies, as far as the request alone decides that."""
        return self.when is None or self._truth(self.when, source, request=request)

    def violations(self, request: View, response: View, source: str = "") -> Iterator[str | None]:
        """Where a law of one exchange is violated: pointers to items of the body, None for the whole."""
        if self.each is None:
            if not self._truth(self.rule, source, request=request, response=response):
                yield None
            return
        selected = self._value(self.each, source, request=request, response=response)
        path = self.each.path[2:] if self.each.path[:2] == ("response", "body") else None
        for index, item in enumerate(self._items(selected, source)):
            if not self._truth(self.rule, source, request=request, response=response, item=item):
                place = (str(index),) if isinstance(selected, list) else ()
                yield None if path is None else join("", *path, *place)

    def is_certain(self, request: View, response: View) -> bool:
        """Whether an exchange certainly satisfies it, or whether it certainly does not apply."""
        applies = True if self.when is None else self.when.quickly(request=request)
        if applies is not True:
            return applies is False
        if self.each is None:
            return self.rule.quickly(request=request, response=response) is True
        selected = self.each.quickly(request=request, response=response)
        items = [selected] if isinstance(selected, dict) else selected
        return isinstance(items, list) and all(
            self.rule.quickly(request=request, response=response, item=item) is True for item in items
        )

    def is_certain_of(self, value: Any) -> bool:
        """Whether a value certainly satisfies an invariant."""
        return self.rule.quickly(self=value) is True

    def satisfied_by(self, value: Any, source: str) -> bool:
        """Whether a value satisfies an invariant."""
        return self._truth(self.rule, source, self=value)

    def satisfied(
        self,
        request: View,
        response: View,
        before: View,
        then: View,
        source: str = "",
        item: Any = None,
    ) -> bool:
        """Whether a law of several exchanges is satisfied, by an item if it has ``each``.

        ``before`` and ``then`` are responses of the operation ``then``.
        """
        views = {"request": request, "response": response, "before": before, "then": then, "item": item}
        return self._truth(self.rule, source, **views)

    def items(self, request: View, response: View, source: str = "") -> list[Any]:
        """The items of a response that it is about, or None alone for the whole."""
        if self.each is None:
            return [None]
        return self._items(self._value(self.each, source, request=request, response=response), source)

    def _items(self, selected: Any, source: str) -> list[Any]:
        """An object is the only item."""
        if isinstance(selected, dict):
            return [selected]
        if not isinstance(selected, list):
            raise self._error(source, "each gives neither a list nor an object")
        return selected

    def arguments(
        self, request: View, response: View | None = None, source: str = "", item: Any = None
    ) -> dict[str, Any]:
        """The parameters of the request of ``then``; those of a write need no response."""
        views = {"request": request, "response": response, "item": item}
        return {name: self._value(text, source, **views) for name, text in self.with_.items()}

    def _truth(self, expression: Expression, source: str, /, **variables: Any) -> bool:
        value = self._value(expression, source, **variables)
        if not isinstance(value, bool):
            raise self._error(source, "it is neither true nor false")
        return value

    def _value(self, expression: Expression, source: str, /, **variables: Any) -> Any:
        try:
            return expression(**variables)
        except KeyError as error:
            key = str(error.args[0])
            member = f'"{key}"' if key in expression.text else "a member"
            raise self._error(source, f"{member} is missing; guard it with has()") from None
        except LimitError:
            raise
        except BudgetError:
            raise self._error(source, _OVER_BUDGET) from None
        except Exception as error:  # the library raises many kinds, with messages that may hold values
            over = BudgetError.__name__ in str(error)  # the library wraps what functions raise
            reason = _OVER_BUDGET if over else f"{type(error).__name__} in {expression.text}"
            raise self._error(source, reason) from None

    def _error(self, source: str, reason: str) -> SpecError:
        kind = "law" if self.schema is None else "invariant"
        on = f" on {source}" if source else ""
        what = f"the {kind} {self.name} of {self.operation} cannot be evaluated{on}: {reason}"
        return SpecError(self.where, f"#{self.pointer}: {what}")


Laws = Mapping[str, tuple[Law, ...]]
"""The laws by the name of their operation, the invariants of what it returns among them."""
