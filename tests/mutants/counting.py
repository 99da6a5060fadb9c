"""Writes that are not listed or counted."""

from functools import partial

from mutants import Mutant
from mutants.agreement import Remembering
from mutants.app import Forward, Json, Request, Response
from mutants.behind import Since
from mutants.operators import at, change_data

RELATE, FOLLOWERS = "updateRelationship", "listFollowedBy"


class Unlisted:
    """Users are left out of the list of followed users once they are followed."""

    def __init__(self) -> None:
        self._listing = at("listFollows", change_data(self._listed))
        self._followed: set[str] = set()

    async def __call__(self, request: Request, forward: Forward) -> Response:
        if request.operation == RELATE and request.values.get("action") == "follow":
            self._followed.add(request.parts[1])
        return await self._listing(request, forward)

    def _listed(self, users: Json) -> Json:
        return [user for user in users if user["id"] not in self._followed]


COUNTING = {
    "follow-not-listed": Mutant("state", "newly followed users are not listed", (RELATE,), Unlisted),
    "follow-not-counted": Mutant(
        "state",
        "the counts of users never change",
        (RELATE,),
        partial(Remembering, "getUser", "counts"),
    ),
    "follower-lost": Mutant(
        "laws",
        "after the first change of a relationship, lists of followers lack the second item",
        (RELATE,),
        partial(Since, RELATE, FOLLOWERS, lambda users: users[:1] + users[2:]),
        f"{RELATE} no-other-follower-lost",
    ),
}
