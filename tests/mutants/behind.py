"""Servers that remember: after a write they tell what was before, or something else from then on."""

from collections.abc import Callable, Sequence
from typing import Any

from mutants.faulty import Answer, Ask, Json, Request, at, data


class Lagging:
    """After the first write a read says of the same thing what it said before, until a second look.

    So does a list of one's own that had the thing. A function takes over as much as lags behind.
    ``actions`` are the kinds of writes that count, where there are several.
    """

    def __init__(
        self,
        write: str,
        read: str,
        take_over: Callable[[Json, Json], Any],
        actions: Sequence[str] = ("",),
    ) -> None:
        self._write, self._read, self._take_over = write, read, take_over
        self._actions = actions
        self._known: dict[str, Json] = {}
        self._behind: set[str] = set()
        self._looked: set[str] = set()
        self._written = False

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await ask(request)
        if not answer.granted:
            return answer
        if request.operation == self._write and request.values.get("action", "") in self._actions:
            thing = request.parts[1]
            about = {path for path, known in self._known.items() if _is_about(thing, path, known)}
            self._behind = set() if self._written else about
            self._written |= bool(about)
            self._looked = set()
        elif request.method == "GET":
            if request.path in self._looked:
                self._behind = set()
            self._looked.add(request.path)
        if request.operation == self._read:
            found, known = answer.json, self._known.get(request.path)
            self._known[request.path] = answer.json["data"]
            if request.path in self._behind:
                self._take_over(found["data"], known)
                return answer.saying(found)
        return answer


def _is_about(thing: str, path: str, known: Json) -> bool:
    named = path.split("/")[2]
    return named == thing or (named == "self" and any(one["id"] == thing for one in known))


class Since:
    """From the first write on, what a read says is changed."""

    def __init__(self, write: str, read: str, change: Callable[[Json], Any]) -> None:
        self._write, self._reading = write, at(read, data(change))
        self._written = False

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        answer = await (self._reading(request, ask) if self._written else ask(request))
        self._written |= request.operation == self._write and answer.granted
        return answer
