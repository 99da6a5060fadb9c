"""Servers that do not list what was written, or do not count it."""

from functools import partial

from mutants import Mutant
from mutants.agreement import Remembering
from mutants.behind import Since
from mutants.faulty import Answer, Ask, Json, Request, at, data

RELATE, FOLLOWERS = "updateRelationship", "listFollowedBy"


class Unlisted:
    """Whom one has followed is left out of the list of whom one follows."""

    def __init__(self) -> None:
        self._listing = at("listFollows", data(self._listed))
        self._followed: set[str] = set()

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.operation == RELATE and request.values.get("action") == "follow":
            self._followed.add(request.parts[1])
        return await self._listing(request, ask)

    def _listed(self, users: Json) -> Json:
        return [one for one in users if one["id"] not in self._followed]


COUNTING = {
    "follow-not-listed": Mutant("state", "who was followed is not listed as followed", (RELATE,), Unlisted),
    "follow-not-counted": Mutant(
        "state",
        "users have the counts that they had first",
        (RELATE,),
        partial(Remembering, "getUser", "counts"),
    ),
    "follower-lost": Mutant(
        "laws",
        "from the first change of a relationship on, lists of followers lack the second one",
        (RELATE,),
        partial(Since, RELATE, FOLLOWERS, lambda users: users[:1] + users[2:]),
        f"{RELATE} no-other-follower-lost",
    ),
}
