"""Rate limit headers that are wrong."""

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import replace

from mutants import Mutant
from mutants.app import Forward, Handler, Request, Response
from mutants.operators import at, change_response

_LIMIT, _REMAINING = "x-ratelimit-limit", "x-ratelimit-remaining"


def _with_budget(response: Response, limit: int, remaining: int) -> Response:
    return replace(response, headers={**response.headers, _LIMIT: str(limit), _REMAINING: str(remaining)})


def _change_budget(change: Callable[[int, int], tuple[int, int]]) -> Handler:
    """``change`` gives the limit and the remaining requests from the true ones."""

    def changed(_: Request, response: Response) -> Response:
        if _REMAINING not in response.headers:
            return response
        return _with_budget(
            response, *change(int(response.headers[_LIMIT]), int(response.headers[_REMAINING]))
        )

    return change_response(changed)


def _counting(
    free: Callable[[Request, Response], bool] = lambda *_: False,
    budget: Callable[[Request], Hashable] = lambda request: request.token,
) -> Callable[[], Handler]:
    """Requests are counted by ``budget``, except free ones."""

    def make() -> Handler:
        made: Counter[Hashable] = Counter()

        async def handle(request: Request, forward: Forward) -> Response:
            response = await forward(request)
            if _REMAINING not in response.headers:
                return response
            made[budget(request)] += not free(request, response)
            return _with_budget(response, 5000, 5000 - made[budget(request)])

        return handle

    return make


def _budget(description: str, operations: str, make: Callable[[], Handler]) -> Mutant:
    return Mutant("protocol", description, tuple(operations.split()), make)


BUDGETS = {
    "constant-budget": _budget(
        "the number of remaining requests never changes",
        "getTag",
        lambda: _change_budget(lambda limit, _: (limit, limit - 1)),
    ),
    "swapped-budget": _budget(
        "the limit and the remaining requests are swapped",
        "getUser",
        lambda: at("getUser", _change_budget(lambda limit, left: (left, limit))),
    ),
    "sinking-limit": _budget(
        "the limit falls with the remaining requests",
        "getMedia",
        lambda: _change_budget(lambda _, left: (left + 1, left)),
    ),
    "untouched-budget": _budget(
        "no request is counted", "searchTags", lambda: _change_budget(lambda limit, _: (limit, limit))
    ),
    "free-refusals": _budget(
        "rejected requests are not counted",
        "getUser listLikes",
        _counting(lambda _, response: not response.accepted),
    ),
    "free-users": _budget(
        "requests of getUser are not counted",
        "getUser",
        _counting(lambda request, _: request.operation == "getUser"),
    ),
    "free-writes": _budget(
        "writes are not counted",
        "likeMedia createComment",
        _counting(lambda request, _: request.method != "GET"),
    ),
    "free-undoing": _budget(
        "deletions are not counted", "likeMedia", _counting(lambda request, _: request.method == "DELETE")
    ),
    "budget-by-operation": _budget(
        "requests are counted by operation",
        "getMedia",
        _counting(budget=lambda request: (request.token, request.operation)),
    ),
    "budget-by-path": _budget(
        "requests are counted by path",
        "listFollows",
        _counting(budget=lambda request: (request.token, request.path)),
    ),
    "counted-by-two": _budget(
        "only every other request is counted",
        "listComments",
        lambda: _change_budget(lambda limit, left: (limit, (left + limit) // 2)),
    ),
}
