"""Relationships between users, and what each of them sees then."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instagram_server import ids, seed_data
from support.in_process import ALL, OTHER, Server, by_next_url, numbers

ADA, BELA = seed_data.ADA, seed_data.BELA
SNOW, TOWER = "1127838097061452801_1001", "1126388545599054851_1002"


@pytest.fixture(scope="module")
def seeded() -> Iterator[Server]:
    """For tests that only read."""
    with Server() as server:
        yield server


@pytest.fixture
def fresh() -> Iterator[Server]:
    with Server() as server:
        yield server


def relationship(server: Server, token: str, user: int) -> tuple[str, str]:
    result = server.data(f"/users/{user}/relationship", token)
    return result["outgoing_status"], result["incoming_status"]


def act(server: Server, token: str, user: int, action: str) -> str:
    data = server.data(f"/users/{user}/relationship", token, "POST", action=action)
    assert data.keys() == {"outgoing_status"}
    return str(data["outgoing_status"])


def test_a_request_is_approved_or_ignored(fresh: Server) -> None:
    approved, ignored = seed_data.ADMIRERS
    waiting = [item["id"] for item in fresh.data("/users/self/requested-by")]
    assert set(waiting) >= {str(approved), str(ignored)}
    for user in seed_data.ADMIRERS:
        assert relationship(fresh, ALL, user)[1] == "requested_by"
    followers = fresh.data("/users/self")["counts"]["followed_by"]
    act(fresh, ALL, approved, "approve")
    act(fresh, ALL, ignored, "ignore")
    assert relationship(fresh, ALL, approved)[1] == "followed_by"
    assert relationship(fresh, ALL, ignored)[1] == "none"
    assert fresh.data("/users/self")["counts"]["followed_by"] == followers + 1
    assert str(approved) in numbers(by_next_url(fresh, "/users/self/followed-by", 50))
    left = [item["id"] for item in fresh.data("/users/self/requested-by")]
    assert left == [user for user in waiting if int(user) not in seed_data.ADMIRERS]
    act(fresh, ALL, approved, "ignore")  # no request any more, so nothing to ignore
    assert relationship(fresh, ALL, approved)[1] == "followed_by"


def test_following_a_private_user_is_a_request_until_it_is_approved(fresh: Server) -> None:
    hidden = (400, "APINotAllowedError", "you cannot view this resource")
    assert act(fresh, ALL, seed_data.STRANGER, "follow") == "requested"
    assert act(fresh, ALL, seed_data.STRANGER, "follow") == "requested"
    assert fresh.rejection("GET", f"/users/{seed_data.STRANGER}/media/recent") == hidden
    sql = "UPDATE following SET status = 'follows' WHERE source = ? AND target = ?"
    assert fresh.store.run(sql, ADA, seed_data.STRANGER) == 1
    assert relationship(fresh, ALL, seed_data.STRANGER)[0] == "follows"
    assert fresh.data(f"/users/{seed_data.STRANGER}/media/recent")
    assert act(fresh, ALL, seed_data.STRANGER, "unfollow") == "none"
    assert fresh.rejection("GET", f"/users/{seed_data.STRANGER}/media/recent") == hidden
    assert fresh.data(f"/users/{seed_data.STRANGER}/relationship")["target_user_is_private"] is True


def test_blocking_ends_a_relationship_and_hides_the_blocker(fresh: Server) -> None:
    assert act(fresh, ALL, BELA, "follow") == "follows"
    assert act(fresh, OTHER, ADA, "follow") == "follows"
    assert relationship(fresh, ALL, BELA) == ("follows", "followed_by")
    before = fresh.store.rows("SELECT source, target FROM following")
    assert act(fresh, ALL, BELA, "block") == "none"
    after = {tuple(row) for row in fresh.store.rows("SELECT source, target FROM following")}
    assert {tuple(row) for row in before} - after == {(ADA, BELA), (BELA, ADA)}
    assert relationship(fresh, ALL, BELA) == ("none", "blocked_by_you")
    assert fresh.data(f"/users/{BELA}")["username"] == "bela"
    gone = (400, "APINotFoundError", "this user does not exist")
    for more in ("", "/media/recent", "/follows", "/followed-by", "/relationship"):
        assert fresh.rejection("GET", f"/users/{ADA}{more}", OTHER) == gone
    for action in ("follow", "unfollow", "approve", "ignore", "unblock"):
        assert fresh.rejection("POST", f"/users/{ADA}/relationship", OTHER, action=action) == gone
    unseen = (400, "APINotFoundError", "invalid media id")
    for method, more in (("GET", ""), ("GET", "/comments"), ("GET", "/likes"), ("POST", "/likes")):
        assert fresh.rejection(method, f"/media/{SNOW}{more}", OTHER) == unseen
    assert str(ADA) not in [item["id"] for item in fresh.data("/users/search", OTHER, q="ada")]
    for path in ("/tags/snow/media/recent", "/media/popular", "/users/self/media/liked"):
        assert str(ADA) not in {item["user"]["id"] for item in fresh.data(path, OTHER)}
    assert act(fresh, ALL, BELA, "unblock") == "none"
    assert relationship(fresh, ALL, BELA) == ("none", "none")
    assert fresh.data(f"/media/{SNOW}", OTHER)["id"] == SNOW


@pytest.mark.parametrize(
    ("user", "kind", "message"),
    [
        (seed_data.STRANGER, "APINotAllowedError", "you cannot view this resource"),
        (seed_data.RESERVED, "APINotAllowedError", "you cannot view this resource"),
        (seed_data.AGE_GATED, "APIAgeGatedError", "you cannot view this resource"),
        (seed_data.BLOCKER, "APINotFoundError", ""),
    ],
)
def test_private_content_is_hidden_everywhere(seeded: Server, user: int, kind: str, message: str) -> None:
    for more in ("", "/media/recent", "/follows", "/followed-by"):
        rejection = seeded.rejection("GET", f"/users/{user}{more}")
        assert rejection == (400, kind, message or "this user does not exist")
    number = seeded.store.value("SELECT id FROM media WHERE owner = ?", user)
    code = ids.shortcode(number)
    requests = [("GET", f"/media/{number}{more}") for more in ("", f"_{user}", "/comments", "/likes")]
    requests += [("POST", f"/media/{number}/likes"), ("DELETE", f"/media/{number}/likes")]
    for method, path in [*requests, ("GET", f"/media/shortcode/{code}")]:
        assert seeded.rejection(method, path) == (400, kind, message or "invalid media id")
    rejection = seeded.rejection("POST", f"/media/{number}/comments", text="hello")
    assert rejection[1] == kind
    lists = ("/users/self/feed", "/media/popular", "/tags/snow/media/recent", "/users/self/media/liked")
    for path in (*lists, "/media/search?lat=48.8584&lng=2.2945&distance=5000"):
        assert str(user) not in {item["user"]["id"] for item in seeded.data(path)}


class Model:
    """Likes, comments, follows and blocks of ada and bela, and nothing of how a server keeps them."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.users = {ALL: ADA, OTHER: BELA}
        for path in (SNOW, TOWER):
            server.data(f"/media/{path}/likes", method="DELETE")
            server.data(f"/media/{path}/likes", OTHER, "DELETE")
        self.likers = {path: set(self._likers(path)) for path in (SNOW, TOWER)}
        self.comments = {path: self._comments(path) for path in (SNOW, TOWER)}
        self.follows = {(ADA, BELA): True, (BELA, ADA): False}
        self.blocks: set[tuple[int, int]] = set()

    def _likers(self, media: str) -> list[str]:
        owner = ALL if media == SNOW else OTHER
        return [item["id"] for item in self.server.data(f"/media/{media}/likes", owner)]

    def _comments(self, media: str) -> list[str]:
        owner = ALL if media == SNOW else OTHER
        return [item["id"] for item in self.server.data(f"/media/{media}/comments", owner)]

    def step(self, token: str, media: str, what: str) -> None:
        me = self.users[token]
        other = BELA if me == ADA else ADA
        path = f"/media/{media}"
        owner = int(media.partition("_")[2])
        shut = (owner, me) in self.blocks
        if what in ("like", "unlike"):
            status = self.server.request("POST" if what == "like" else "DELETE", f"{path}/likes", token)
            assert status.status_code == (400 if shut else 200)
            if not shut:
                (self.likers[media].add if what == "like" else self.likers[media].discard)(str(me))
        elif what == "comment":
            status = self.server.request("POST", f"{path}/comments", token, text="Again")
            assert status.status_code == (400 if shut else 200)
            if not shut:
                self.comments[media].append(self._comments(media)[-1])
        elif what == "delete":
            if not shut and self.comments[media]:
                number = self.comments[media].pop()
                author = self.server.store.value("SELECT author FROM comment WHERE id = ?", int(number))
                response = self.server.request("DELETE", f"{path}/comments/{number}", token)
                assert response.status_code == (200 if me in (author, owner) else 400)
                if me not in (author, owner):
                    self.comments[media].append(number)
        else:
            response = self.server.request("POST", f"/users/{other}/relationship", token, action=what)
            assert response.status_code == (400 if (other, me) in self.blocks else 200)
            if response.status_code == 200:
                self._relate(me, other, what)
                state = "follows" if self.follows[me, other] else "none"
                assert response.json()["data"] == {"outgoing_status": state}

    def _relate(self, me: int, other: int, what: str) -> None:
        if what in ("follow", "unblock"):
            self.blocks.discard((me, other))
        if what in ("follow", "unfollow"):
            self.follows[me, other] = what == "follow"
        if what == "block":
            self.blocks.add((me, other))
            self.follows = dict.fromkeys(self.follows, False)

    def check(self) -> None:
        for token, me in self.users.items():
            other = BELA if me == ADA else ADA
            for media in (SNOW, TOWER):
                if (int(media.partition("_")[2]), me) in self.blocks:
                    assert self.server.request("GET", f"/media/{media}", token).status_code == 400
                    continue
                result = self.server.data(f"/media/{media}", token)
                assert result["likes"]["count"] == len(self._likers(media))
                assert result["user_has_liked"] == (str(me) in self.likers[media])
                assert result["comments"]["count"] == len(self.comments[media])
            follows = numbers(by_next_url(self.server, "/users/self/follows", 50, token))
            assert (str(other) in follows) == self.follows[me, other]
            counts = self.server.data("/users/self", token)["counts"]
            followers = numbers(by_next_url(self.server, "/users/self/followed-by", 50, token))
            assert (str(other) in followers) == self.follows[other, me]
            assert (counts["follows"], counts["followed_by"]) == (len(follows), len(followers))
            if (other, me) not in self.blocks:
                incoming = "followed_by" if self.follows[other, me] else "none"
                if (me, other) in self.blocks:
                    incoming = "blocked_by_you"
                outgoing = "follows" if self.follows[me, other] else "none"
                assert relationship(self.server, token, other) == (outgoing, incoming)
        for media in (SNOW, TOWER):
            assert set(self._likers(media)) == self.likers[media]
            assert self._comments(media) == self.comments[media]


STEPS = st.tuples(
    st.sampled_from([ALL, OTHER]),
    st.sampled_from([SNOW, TOWER]),
    st.sampled_from(
        ["like", "unlike", "comment", "delete", "follow", "unfollow", "block", "unblock", "approve", "ignore"]
    ),
)


@pytest.mark.no_cover
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_counts_equal_lists_and_flags_equal_membership_whatever_two_users_do(
    steps: list[tuple[str, str, str]],
) -> None:
    with Server() as server:
        model = Model(server)
        for step in steps:
            model.step(*step)
            model.check()
