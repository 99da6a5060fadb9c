"""The data that a new server starts with: the same every time, for demos and tests."""

import json
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from instagram_server import ids, words
from instagram_server.rules import hashtags
from instagram_server.store import Store

SCOPES = ("basic", "public_content", "follower_list", "comments", "relationships", "likes")

ADA, BELA = 1001, 1002
FRIEND = 1003
"""Private; followed by ada."""
BLOCKED = 1005
"""Blocked by ada."""
BLOCKER = 1006
"""Blocks ada."""
AGE_GATED, BUSINESS = 1008, 1009
NEWCOMER = 1010
"""No followers, no followings, no posts."""
STRANGER = 1011
"""Private; ada neither follows this user nor asked to."""
ADMIRERS = (1012, 1013)
"""Asked to follow ada when she was still private."""
DIARIST = 1014
"""Each of their media objects has its own hashtag: #day1, #day2, …"""
RESERVED = 1015
"""Private; ada and others asked to follow this user."""
CLOSED_ACCOUNT = 999
"""The id of a deleted user."""
_USERS = range(ADA, ADA + 160)

GEOGRAPHY = "501"
"""The id of the geography subscription of the demo client."""

_DAY = 24 * 3600 * 1000
_RECENT, _OLDEST = 5 * _DAY, 240 * _DAY
_YOUNGEST = 600_000  # the least number of milliseconds between a media object and now
_CROWD = 155  # likes and comments of one media object, more than a response lists


class Client(NamedTuple):
    """An app, as a row of the store."""

    id: str
    secret: str
    name: str
    redirect_uri: str = "http://127.0.0.1:8080/demo/callback"
    signed: bool = False
    implicit: bool = False
    approved: bool = True
    sandbox: bool = False
    legacy: bool = False


DEMO_CLIENT = Client(
    "1677ed07ddd54db0a70f14f9b1435579", "6dc1787668c64c939929c17683d7cb74", "Demo", implicit=True, legacy=True
)
NEW_CLIENT = Client(words.digits("new client"), words.digits("new secret"), "New")
SANDBOX_CLIENT = Client(
    words.digits("sandbox client"), words.digits("sandbox secret"), "Sandbox", approved=False, sandbox=True
)
SIGNED_CLIENT = Client(words.digits("signed client"), words.digits("signed secret"), "Sealed", signed=True)
UNAPPROVED_CLIENT = Client(
    words.digits("unapproved client"), words.digits("unapproved secret"), "Unapproved", approved=False
)
CLIENTS = (DEMO_CLIENT, NEW_CLIENT, SANDBOX_CLIENT, SIGNED_CLIENT, UNAPPROVED_CLIENT)
SANDBOX_USERS = (ADA, BELA, FRIEND, BUSINESS, STRANGER)


class _Token(NamedTuple):
    token: str
    client: str
    user: int
    scopes: str
    revoked: bool


def _token(
    name: str, client: Client, user: int = ADA, scopes: tuple[str, ...] = SCOPES, revoked: bool = False
) -> _Token:
    token = f"{user}.{client.id[:7]}.{words.digits(f'token {name}')}"
    return _Token(token, client.id, user, " ".join(scopes), revoked)


def _without(missing: str) -> _Token:
    scopes = tuple(scope for scope in SCOPES if scope != missing)
    return _token(f"without {missing}", DEMO_CLIENT, scopes=scopes)


_DEMO_TOKENS = {
    "all": _token("all", DEMO_CLIENT),
    "basic": _token("basic", DEMO_CLIENT, scopes=("basic",)),
    **{f"without-{scope}": _without(scope) for scope in (*SCOPES[1:], "basic")},
    "other": _token("other", DEMO_CLIENT, user=BELA),
    "revoked": _token("revoked", DEMO_CLIENT, revoked=True),
}
_OTHER_TOKENS = [_token(client.name, client) for client in CLIENTS[1:]]
NEW_APP_TOKEN, SANDBOX_TOKEN, SIGNED_TOKEN, UNAPPROVED_TOKEN = (token.token for token in _OTHER_TOKENS)


def tokens() -> dict[str, str]:
    """The tokens of the demo client by name; all but ``other``, which is bela's, belong to ada."""
    return {name: token.token for name, token in _DEMO_TOKENS.items()}


class _Media(NamedTuple):
    id: int
    owner: int
    type: str
    created: int
    caption: str | None
    filter: str
    height: int
    carousel: str | None = None
    location: int | None = None
    latitude: float | None = None
    longitude: float | None = None


# The examples of spec/openapi.yaml; these media have nothing but what the examples show.
_SNOW = _Media(
    1127838097061452801, ADA, "image", 1448668800, "First #snow", "Clarendon", 640,
    location=words.FIRST_LOCATION, latitude=48.8556, longitude=2.2986,
)  # fmt: skip
_VIDEO = _Media(1127113321330252802, ADA, "video", 1448582400, None, "Normal", 640)
_TOWER = _Media(
    1126388545599054851, BELA, "image", 1448496000, None, "Normal", 564, latitude=48.8584, longitude=2.2945
)
_COMMENT = (1127868296050256900, _SNOW.id, BELA, 1448672400, "Lovely light")


def seed(store: Store, now: int) -> None:
    """Create the tables of an empty store and fill them.

    ``now`` is in UNIX seconds, past 2015-11-28T01:00Z; everything happened before it. Two calls
    differ by a shift in time only, except for the examples of the contract, which keep their time.
    """
    with store.transaction():
        store.create()
        for table, rows in _tables(now).items():
            store.insert(table, rows)


@lru_cache(maxsize=2)
def _tables(now: int) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table, made once for servers of one process that start at the same time."""
    return _SeedData(now * 1000).tables


class _SeedData:
    """The rows of every table; each step builds on those before. Times are in milliseconds."""

    def __init__(self, now: int) -> None:
        self._random = Random(20151128)
        self._now = now
        self.tables: dict[str, list[tuple[Any, ...]]] = {
            "client": list(CLIENTS),
            "token": [*_DEMO_TOKENS.values(), *_OTHER_TOKENS],
            "sandbox_user": [(SANDBOX_CLIENT.id, user) for user in SANDBOX_USERS],
            "subscription": _subscriptions(),
            "banned_tag": [(words.BANNED_TAG,)],
            "closed_account": [(CLOSED_ACCOUNT,)],
        }
        self.tables["user"] = self._users()
        self.tables["location"] = list(words.locations())
        self._blocks = [(ADA, BLOCKED), (BLOCKER, ADA), (1020, 1021), (1022, BELA)]
        self.tables["block"] = [*self._blocks]
        self._follows = self._graph()
        self._audiences = {owner: self._audience(owner) for owner in _USERS}
        self._media = self._posts()
        self._crowded = next(media for media in self._media if media.owner == ADA)
        self.tables["media"] = [_SNOW, _VIDEO, _TOWER, *self._media]
        self.tables["person"] = self._persons()
        self.tables["liking"] = self._likings()
        self.tables["comment"] = self._comments()
        self.tables["tagging"] = self._taggings()

    def _users(self) -> list[tuple[Any, ...]]:
        ada = _user(ADA, "ada", "Ada Fields", "Light and shade.", "https://ada.example.com/")
        bela = _user(BELA, "bela", "Bela Ito", "Slow mornings ☕ 東京 / Paris", "https://bela.example.com/")
        return [ada, bela, *(_user(user, *words.person(self._random, user)) for user in _USERS[2:])]

    def _graph(self) -> set[tuple[int, int]]:
        """Fill the table of followings; return the pairs of follower and followed, without requests."""
        statuses: dict[tuple[int, int], str] = {}
        for source in _USERS:
            targets = self._random.sample(_USERS, 90 if source == ADA else self._random.randrange(12, 40))
            for target in [*targets, ADA] if self._random.random() < 0.7 else targets:
                is_request = _is_private(target) and self._random.random() < 0.2
                if source != target and NEWCOMER not in (source, target):
                    statuses[source, target] = "requested" if is_request else "follows"
        statuses |= {(ADA, BELA): "follows", (ADA, FRIEND): "follows", (ADA, RESERVED): "requested"}
        statuses |= {(admirer, ADA): "requested" for admirer in ADMIRERS}
        for source, target in [(BELA, ADA), (ADA, STRANGER), *self._blocks]:
            statuses.pop((source, target), None)
        for source, target in self._blocks:
            statuses.pop((target, source), None)
        pairs = list(statuses)
        self._random.shuffle(pairs)
        self.tables["following"] = [(number, *pair, statuses[pair]) for number, pair in enumerate(pairs, 1)]
        return {pair for pair in pairs if statuses[pair] == "follows"}

    def _audience(self, owner: int) -> list[int]:
        """The users who may see the media of an owner, ordered by id."""
        return [
            user
            for user in _USERS
            if user == owner
            or (
                user != NEWCOMER
                and (user, owner) not in self._blocks
                and (owner, user) not in self._blocks
                and (not _is_private(owner) or (user, owner) in self._follows)
            )
        ]

    def _posts(self) -> list[_Media]:
        """All media except the examples, oldest first."""
        media: list[_Media] = []
        for owner in _USERS:
            number = {ADA: 90, BELA: 45, DIARIST: 60, NEWCOMER: 0}.get(owner, self._random.randrange(8, 22))
            home = words.PARIS if owner in (ADA, BELA) else self._random.choice(words.CITIES)
            media += [self._post(owner, count, home) for count in range(1, number + 1)]
        return sorted(media)

    def _post(self, owner: int, count: int, home: words.City) -> _Media:
        recent = self._random.random() < 0.35
        time = self._now - self._random.randrange(_YOUNGEST, _RECENT if recent else _OLDEST)
        [kind] = self._random.choices(("image", "video", "carousel"), (80, 13, 7))
        items = ["image", *self._random.choices(("image", "image", "video"), k=self._random.randrange(1, 10))]
        return _Media(
            ids.make(time, owner, count),
            owner,
            kind,
            time // 1000,
            self._caption(owner, count),
            self._random.choice(words.FILTERS),
            640 if kind == "carousel" else self._random.choice(words.HEIGHTS),
            json.dumps(items) if kind == "carousel" else None,
            *words.whereabouts(self._random, home if self._random.random() < 0.7 else words.PARIS),
        )

    def _caption(self, owner: int, count: int) -> str | None:
        if owner == DIARIST:
            return f"#day{count} of 365"
        if owner == BUSINESS and count <= 2:
            return (words.LONG_CAPTION, words.FULL_CAPTION)[count - 1]
        return words.caption(self._random)

    def _persons(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = [(_SNOW.id, BELA, 0.315, 0.9111)]
        for media in self._media:
            if media.type != "video" and self._random.random() < 0.3:
                audience = self._audiences[media.owner]
                for user in self._random.sample(audience, min(self._random.randrange(1, 4), len(audience))):
                    x, y = self._random.random(), self._random.random()
                    rows.append((media.id, user, round(x, 4), round(y, 4)))
        return rows

    def _likings(self) -> list[tuple[Any, ...]]:
        """Likes, numbered in the order of liking, which is not that of the media."""
        moments = [(1448582500_000, _VIDEO.id, BELA), (1448582600_000, _VIDEO.id, ADA)]
        moments.append((1448672300_000, _SNOW.id, BELA))
        for media in self._media:
            audience = self._audiences[media.owner]
            number = _CROWD if media is self._crowded else self._random.randrange(14)
            users = self._random.sample(audience, min(number, len(audience)))
            moments += [(self._later(media), media.id, user) for user in users]
        return [(number, media, user) for number, (_, media, user) in enumerate(sorted(moments), 1)]

    def _comments(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for media in self._media:
            number = _CROWD if media is self._crowded else self._random.choice((0, 0, 1, 2, 3, 5))
            for author in self._random.choices(self._audiences[media.owner], k=number):
                rows.append(self._comment(media, author, self._random.choice(words.COMMENTS), len(rows)))
            if self._random.random() < 0.1 and media.caption != words.FULL_CAPTION:
                text = self._random.choice(words.AFTERTHOUGHTS)
                rows.append(self._comment(media, media.owner, text, len(rows)))
        return [_COMMENT, *sorted(rows)]

    def _comment(self, media: _Media, author: int, text: str, number: int) -> tuple[Any, ...]:
        time = self._later(media)
        return ids.make(time, author, number), media.id, author, time // 1000, text

    def _later(self, media: _Media) -> int:
        """A time between the creation of a media object and now, more likely soon after it."""
        created = ids.milliseconds(media.id)
        return created + 1000 + int((self._now - created - 1000) * self._random.random() ** 4)

    def _taggings(self) -> list[tuple[Any, ...]]:
        """Tags from captions and from owners' own comments; a tag is attached to a media object once."""
        owners, texts = {}, []
        for media in [_SNOW, *self._media]:
            owners[media.id] = media.owner
            if media.caption:
                texts.append((media.id, media.id, None, media.caption))
        for comment, media_id, author, _, text in self.tables["comment"]:
            if author == owners[media_id]:
                texts.append((comment, media_id, comment, text))
        moments: dict[str, set[int]] = {}
        rows: dict[tuple[int, str], tuple[Any, ...]] = {}
        for number, media_id, comment, text in texts:
            for tag in hashtags(text):
                if (media_id, tag) not in rows:
                    taken, tagged = moments.setdefault(tag, set()), ids.milliseconds(number) * 1000
                    while tagged in taken:
                        tagged += 1
                    taken.add(tagged)
                    rows[media_id, tag] = (tag, tagged, media_id, comment)
        return list(rows.values())


def _is_private(user: int) -> bool:
    return user % 4 == 3


def _user(user: int, username: str, full_name: str, bio: str, website: str) -> tuple[Any, ...]:
    picture = f"https://cdn.example.com/{username}.jpg"
    flags = (_is_private(user), user == AGE_GATED, user == BUSINESS)
    return (user, username, full_name, bio, website, picture, *flags)


def _subscriptions() -> list[tuple[Any, ...]]:
    callback = "https://app.example.com/instagram"
    return [
        (20472636, DEMO_CLIENT.id, "user", None, "media", callback, None, None, None),
        (20472637, DEMO_CLIENT.id, "geography", GEOGRAPHY, "media", callback, 48.8584, 2.2945, 5000),
    ]
