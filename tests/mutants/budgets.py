"""What is told of the requests that remain, and is not so."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import replace

from mutants import Mutant
from mutants.faulty import Answer, Ask, Handler, Request, answered, at

_LIMIT, _REMAINING = "x-ratelimit-limit", "x-ratelimit-remaining"


def _telling(answer: Answer, limit: int, remaining: int) -> Answer:
    return replace(answer, headers={**answer.headers, _LIMIT: str(limit), _REMAINING: str(remaining)})


def _told(change: Callable[[int, int], tuple[int, int]]) -> Handler:
    """Limit, and what remains of it, are what a function makes of them."""

    def changed(_: Request, answer: Answer) -> Answer:
        if _REMAINING not in answer.headers:
            return answer
        return _telling(answer, *change(int(answer.headers[_LIMIT]), int(answer.headers[_REMAINING])))

    return answered(changed)


def _counting(
    free: Callable[[Request, Answer], bool] = lambda *_: False,
    budget: Callable[[Request], Hashable] = lambda one: one.token,
) -> Callable[[], Handler]:
    """Requests are counted for each budget, but for those that are free."""

    def make() -> Handler:
        made: Counter[Hashable] = Counter()

        async def handle(request: Request, ask: Ask) -> Answer:
            answer = await ask(request)
            if _REMAINING not in answer.headers:
                return answer
            made[budget(request)] += not free(request, answer)
            return _telling(answer, 5000, 5000 - made[budget(request)])

        return handle

    return make


def _budget(text: str, shows: str, make: Callable[[], Handler]) -> Mutant:
    return Mutant("protocol", text, tuple(shows.split()), make)


BUDGETS = {
    "constant-budget": _budget(
        "what remains never changes", "getTag", lambda: _told(lambda limit, _: (limit, limit - 1))
    ),
    "swapped-budget": _budget(
        "limit and what remains are swapped",
        "getUser",
        lambda: at("getUser", _told(lambda limit, left: (left, limit))),
    ),
    "sinking-limit": _budget(
        "the limit falls with what remains", "getMedia", lambda: _told(lambda _, left: (left + 1, left))
    ),
    "untouched-budget": _budget(
        "nothing is taken from the limit", "searchTags", lambda: _told(lambda limit, _: (limit, limit))
    ),
    "free-refusals": _budget(
        "refused requests do not count", "getUser listLikes", _counting(lambda _, answer: not answer.granted)
    ),
    "free-users": _budget("getUser is free", "getUser", _counting(lambda one, _: one.operation == "getUser")),
    "free-writes": _budget(
        "writes are free", "likeMedia createComment", _counting(lambda one, _: one.method != "GET")
    ),
    "free-undoing": _budget(
        "what is taken back is free", "likeMedia", _counting(lambda one, _: one.method == "DELETE")
    ),
    "budget-by-operation": _budget(
        "each operation has a budget of its own",
        "getMedia",
        _counting(budget=lambda one: (one.token, one.operation)),
    ),
    "budget-by-path": _budget(
        "each address has a budget of its own",
        "listFollows",
        _counting(budget=lambda one: (one.token, one.path)),
    ),
    "counted-by-two": _budget(
        "only every other request counts",
        "listComments",
        lambda: _told(lambda limit, left: (limit, (left + limit) // 2)),
    ),
}
