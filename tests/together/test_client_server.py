"""Every method of the client against the reference server, called in each manner."""

import inspect
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

import instagram_client as package
from instagram_client import (
    APIStatusError,
    AsyncInstagram,
    AuthenticationError,
    AuthorizationError,
    BadRequestError,
    ConflictError,
    Instagram,
    InternalServerError,
    MissingCredentialError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    RateLimitError,
    RuleError,
    StreamError,
    UnprocessableEntityError,
    _endpoints,
)
from instagram_client import models as m
from instagram_client._runtime import endpoints
from instagram_server import access, seed_data, words
from instagram_server.app import create_app
from instagram_server.config import ERA_STARTS, Era, Settings
from support.clients import MANNERS, ORIGIN, ReferenceServer
from support.in_process import expected
from support.serving import callback

SNOW, SNOW_CODE, TOWER = "1127838097061452801_1001", "-m4sYTgBwB", "1126388545599054851_1002"
COMMENT = "1127868296050256900"
BELA, DIARIST, GEOGRAPHY = str(seed_data.BELA), str(seed_data.DIARIST), seed_data.GEOGRAPHY
TOKENS, DEMO = seed_data.tokens(), seed_data.DEMO_CLIENT
APP = {"client_id": DEMO.id, "client_secret": DEMO.secret}
LOST = "https://www.instagram.com/p/AAAA/"
LINK = f"https://www.instagram.com/p/{SNOW_CODE}/"
SUBSCRIPTION = "20472636"

MethodCall = Callable[[Instagram], Any]


def echo(_: str, target: str, *__: Any) -> tuple[int, dict[str, str], bytes]:
    """The response of an app to the challenge of its callback."""
    return 200, {}, parse_qs(urlsplit(target).query)["hub.challenge"][0].encode()


def subscribe(client: Instagram) -> m.Subscription:
    with callback(echo) as url:
        return client.subscriptions.create(
            object="tag",
            object_id="Snow",
            aspect="media",
            callback_url=f"{url}/back?a=1",
            verify_token="ü &",
        )


CALLS: dict[str, MethodCall] = {
    "comments.create": lambda client: client.comments.create(TOWER, text="Lovely"),
    "comments.delete": lambda client: client.comments.delete(SNOW, COMMENT),
    "comments.list": lambda client: client.comments.list(SNOW),
    "geographies.recent_media": lambda client: client.geographies.recent_media(GEOGRAPHY, count=3),
    "likes.create": lambda client: client.likes.create(TOWER),
    "likes.delete": lambda client: client.likes.delete(TOWER),
    "likes.list": lambda client: client.likes.list(SNOW),
    "locations.search": lambda client: client.locations.search(lat=48.8584, lng=2.2945),
    "locations.get": lambda client: client.locations.get("301"),
    "locations.recent_media": lambda client: client.locations.recent_media("301"),
    "media.popular": lambda client: client.media.popular(),
    "media.search": lambda client: client.media.search(lat=48.8584, lng=2.2945),
    "media.get_by_shortcode": lambda client: client.media.get_by_shortcode(SNOW_CODE),
    "media.get": lambda client: client.media.get(SNOW),
    "relationships.requested_by": lambda client: client.relationships.requested_by(),
    "relationships.followed_by": lambda client: client.relationships.followed_by("self", count=3),
    "relationships.follows": lambda client: client.relationships.follows(BELA, count=3),
    "relationships.get": lambda client: client.relationships.get(BELA),
    "relationships.update": lambda client: client.relationships.update(BELA, action="follow"),
    "tags.search": lambda client: client.tags.search(q="snow"),
    "tags.get": lambda client: client.tags.get("señor"),
    "tags.recent_media": lambda client: client.tags.recent_media("señor", count=3),
    "users.search": lambda client: client.users.search(q="ada"),
    "users.feed": lambda client: client.users.feed(count=3),
    "users.liked_media": lambda client: client.users.liked_media(count=3),
    "users.get": lambda client: client.users.get("self"),
    "users.recent_media": lambda client: client.users.recent_media("self", count=3),
    "subscriptions.create": subscribe,
    "subscriptions.delete": lambda client: client.subscriptions.delete(id=SUBSCRIPTION),
    "subscriptions.list": lambda client: client.subscriptions.list(),
    "oauth.authorize_url": lambda client: client.oauth.authorize_url(DEMO.redirect_uri),
    "oauth.code_from_redirect": lambda client: client.oauth.code_from_redirect("https://a.test/?code=c"),
    "oauth.exchange_code": lambda client: client.oauth.exchange_code(
        redirect_uri=DEMO.redirect_uri, code="granted"
    ),
    "oembed.get": lambda client: client.oembed.get(url=LINK),
    "oembed.media_url": lambda client: client.oembed.media_url(SNOW_CODE),
}
"""One plain call of each method."""
PAGED: dict[str, tuple[str, Callable[[Instagram, int], Any]]] = {
    "users.recent_media": (
        "/users/self/media/recent",
        lambda c, count: c.users.recent_media("self", count=count),
    ),
    "users.feed": ("/users/self/feed", lambda c, count: c.users.feed(count=count)),
    "users.liked_media": ("/users/self/media/liked", lambda c, count: c.users.liked_media(count=count)),
    "tags.recent_media": (
        "/tags/señor/media/recent",
        lambda c, count: c.tags.recent_media("señor", count=count),
    ),
    "locations.recent_media": ("/locations/301/media/recent", lambda c, _: c.locations.recent_media("301")),
    "geographies.recent_media": (
        f"/geographies/{GEOGRAPHY}/media/recent",
        lambda c, count: c.geographies.recent_media(GEOGRAPHY, count=count),
    ),
    "relationships.follows": (
        "/users/self/follows",
        lambda c, count: c.relationships.follows("self", count=count),
    ),
    "relationships.followed_by": (
        f"/users/{BELA}/followed-by",
        lambda c, count: c.relationships.followed_by(BELA, count=count),
    ),
}
"""Lists with pages: the path for ``expected``, and a call with a page size."""
WITHOUT_REQUEST = {"oauth.authorize_url", "oauth.code_from_redirect"}
"""Methods that send nothing."""
DEPRECATED = {
    one.name: one.deprecated
    for one in vars(_endpoints).values()
    if isinstance(one, endpoints.Endpoint) and one.deprecated
}


def ids(items: Iterable[Any]) -> list[str]:
    return [one.id for one in items]


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the seed data, and a code that ada has granted."""
    database = tmp_path_factory.mktemp("server") / "seeded"
    now = ERA_STARTS[Era.NOVEMBER_2015].timestamp()
    store = create_app(Settings(database=database, clock=lambda: now)).state.platform.store
    store.insert("code", [("granted", DEMO.id, seed_data.ADA, "basic", DEMO.redirect_uri, 0, int(now))])
    store.close()
    return database


@pytest.fixture
def servers(seeded: Path, tmp_path: Path) -> Iterator[Callable[..., ReferenceServer]]:
    """Starts a server with its own copy of the seed data."""
    started: list[ReferenceServer] = []

    def make(**settings: Any) -> ReferenceServer:
        database = tmp_path / f"server{len(started)}"
        shutil.copy(seeded, database)
        started.append(ReferenceServer(database, **settings))
        return started[-1]

    yield make
    for server in started:
        with server:
            pass


@pytest.fixture
def server(servers: Callable[..., ReferenceServer]) -> ReferenceServer:
    return servers()


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials in the environment, and no warnings but in the tests of warnings."""
    for name in [name for name in os.environ if name.startswith("INSTAGRAM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(endpoints, "_warned", set(DEPRECATED))


in_each_manner = pytest.mark.parametrize("manner", MANNERS)
on_both_sides = pytest.mark.parametrize("manner", ["sync", "async"])


def comments_create(client: Instagram, server: ReferenceServer) -> None:
    before = client.comments.list(TOWER).data
    text = "Schöne Grüße + 50 % & <b>☕ 東京</b>;\nzweite Zeile?a=b#señor"
    assert client.comments.create(TOWER, text=text) is None
    *others, comment = client.comments.list(TOWER).data
    assert others == before
    assert isinstance(comment, m.Comment)
    assert comment.text == text
    assert comment.from_.username == "ada"
    assert client.media.get(TOWER).comments == m.MediaComments(count=len(before) + 1, data=[*before, comment])


def comments_delete(client: Instagram, server: ReferenceServer) -> None:
    assert ids(client.comments.list(SNOW)) == [COMMENT]
    client.comments.delete(SNOW, COMMENT)
    assert client.comments.list(SNOW).data == []


def comments_list(client: Instagram, server: ReferenceServer) -> None:
    page = client.comments.list(SNOW)
    [comment] = page
    assert isinstance(page.envelope, m.CommentListEnvelope)
    assert page.envelope.meta.code == 200
    assert (comment.id, comment.text, comment.created_time) == (COMMENT, "Lovely light", "1448672400")
    assert (comment.from_.id, comment.from_.full_name) == (BELA, "Bela Ito")
    assert not page.has_next_page()
    with pytest.raises(PaginationError, match="the last page"):
        page.next_page()
    crowded = server.store.value("SELECT media FROM comment GROUP BY media ORDER BY count(*) DESC LIMIT 1")
    assert len(list(client.comments.list(str(crowded)))) == 150


def geographies_recent_media(client: Instagram, server: ReferenceServer) -> None:
    whole = expected(server.store, f"/geographies/{GEOGRAPHY}/media/recent")
    page = client.geographies.recent_media(GEOGRAPHY, count=30)
    assert ids(page.data) == whole[:30]
    assert page.next_page().data[0].id == whole[30]
    assert ids(client.geographies.recent_media(GEOGRAPHY, min_id=whole[50])) == whole[:50]


def likes_create(client: Instagram, server: ReferenceServer) -> None:
    before = client.media.get(TOWER)
    assert before.user_has_liked is False
    client.likes.create(TOWER)
    after = client.media.get(TOWER)
    assert after.user_has_liked is True
    assert before.likes
    assert after.likes
    assert after.likes.count == before.likes.count + 1
    assert ids(client.likes.list(TOWER))[0] == str(seed_data.ADA)


def likes_delete(client: Instagram, server: ReferenceServer) -> None:
    liked = next(iter(client.users.liked_media(count=1)))
    assert client.media.get(liked.id).user_has_liked is True
    client.likes.delete(liked.id)
    assert client.media.get(liked.id).user_has_liked is False
    assert str(seed_data.ADA) not in ids(client.likes.list(liked.id))


def likes_list(client: Instagram, server: ReferenceServer) -> None:
    [user] = client.likes.list(SNOW)
    assert isinstance(user, m.UserShort)
    assert (user.id, user.username) == (BELA, "bela")


def locations_search(client: Instagram, server: ReferenceServer) -> None:
    near = list(client.locations.search(lat=48.8584, lng=2.2945))
    assert [place.name for place in near[:2]] == ["Tour Eiffel", "Field of Mars"]
    assert isinstance(near[0], m.Location)
    assert (near[1].id, near[1].latitude, near[1].longitude) == ("301", 48.8556, 2.2986)
    assert list(client.locations.search(lat=48.8584, lng=2.2945, distance=100)) == near[:1]
    for page in (
        client.locations.search(facebook_places_id="110506962309835"),
        client.locations.search(foursquare_v2_id="3fd66200f964a520c5f11ee3"),
        client.locations.search(foursquare_id="1001"),
    ):
        assert page.data == [near[1]]


def locations_get(client: Instagram, server: ReferenceServer) -> None:
    assert client.locations.get("301") == m.Location(
        id="301", name="Field of Mars", latitude=48.8556, longitude=2.2986
    )


def locations_recent_media(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.locations.recent_media("301"))
    assert ids(found) == expected(server.store, "/locations/301/media/recent")
    assert {one.location.id for one in found if one.location} == {301}
    between = client.locations.recent_media("301", max_id=found[2].id, min_id=found[30].id)
    assert ids(between) == ids(found[3:30])
    times = (int(found[30].created_time), int(found[2].created_time))
    timed = client.locations.recent_media("301", min_timestamp=times[0], max_timestamp=times[1])
    assert ids(timed) == ids(found[3:30])


def media_popular(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.media.popular())
    counts = [one.likes.count for one in found if one.likes]
    assert len(counts) == 20
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 100


def media_search(client: Instagram, server: ReferenceServer) -> None:
    near = list(client.media.search(lat=48.8584, lng=2.2945))
    far = list(client.media.search(lat=48.8584, lng=2.2945, distance=1500))
    assert all(isinstance(one.distance, float) and one.distance <= 1000 for one in near)
    assert 0 < len(near) < len(far)
    assert set(ids(near)) < set(ids(far))
    times = (int(near[-1].created_time), int(near[0].created_time))
    between = client.media.search(lat=48.8584, lng=2.2945, min_timestamp=times[0], max_timestamp=times[1])
    assert between.data == near[1:-1]


def media_get_by_shortcode(client: Instagram, server: ReferenceServer) -> None:
    assert client.media.get_by_shortcode(SNOW_CODE) == client.media.get(SNOW)


def media_get(client: Instagram, server: ReferenceServer) -> None:
    media = client.media.get(SNOW)
    assert isinstance(media, m.Media)
    assert (media.id, media.type_, media.link, media.tags) == (SNOW, "image", LINK, ["snow"])
    assert (media.user.username, media.filter_, media.user_has_liked) == ("ada", "Clarendon", False)
    assert media.caption
    assert media.caption.text == "First #snow"
    assert media.images.thumbnail.width == 150
    assert media.attribution is None
    assert media.videos is package.UNSET
    assert media.users_in_photo
    assert media.users_in_photo[0].position == m.Position(x=0.315, y=0.9111)


def relationships_requested_by(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.relationships.requested_by())
    assert sorted(ids(found)) == [str(one) for one in seed_data.ADMIRERS]
    assert all(isinstance(one, m.UserShort) for one in found)


def relationships_followed_by(client: Instagram, server: ReferenceServer) -> None:
    for user in ("self", BELA):
        found = ids(client.relationships.followed_by(user, count=33))
        assert found == expected(server.store, f"/users/{user}/followed-by")


def relationships_follows(client: Instagram, server: ReferenceServer) -> None:
    found = ids(client.relationships.follows("self", count=33))
    assert found == expected(server.store, "/users/self/follows")
    assert BELA in found


def relationships_get(client: Instagram, server: ReferenceServer) -> None:
    assert client.relationships.get(BELA) == m.Relationship(
        outgoing_status="follows", incoming_status="none", target_user_is_private=False
    )
    blocked = client.relationships.get(str(seed_data.BLOCKED))
    assert (blocked.outgoing_status, blocked.incoming_status) == ("none", "blocked_by_you")


def relationships_update(client: Instagram, server: ReferenceServer) -> None:
    stranger, admirer = str(seed_data.STRANGER), str(seed_data.ADMIRERS[0])
    assert client.relationships.get(stranger).outgoing_status == "none"
    change = client.relationships.update(stranger, action="follow")
    assert isinstance(change, m.RelationshipChange)
    assert change.outgoing_status == "requested"
    assert client.relationships.get(stranger).outgoing_status == "requested"
    assert client.relationships.update(stranger, action="unfollow").outgoing_status == "none"
    assert client.relationships.get(admirer).incoming_status == "requested_by"
    client.relationships.update(admirer, action="approve")
    assert client.relationships.get(admirer).incoming_status == "followed_by"
    assert admirer not in ids(client.relationships.requested_by())


def tags_search(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.tags.search(q="snow"))
    assert isinstance(found[0], m.Tag)
    assert [tag.name for tag in found] == ["snow", "snowdrop", "snowman"]
    assert [client.tags.get(tag.name) for tag in found] == found


def tags_get(client: Instagram, server: ReferenceServer) -> None:
    for name in ("señor", "снег", "❄️"):
        count = server.store.value("SELECT count(*) FROM tagging WHERE tag = ?", name)
        assert client.tags.get(name) == m.Tag(name=name, media_count=count)


def tags_recent_media(client: Instagram, server: ReferenceServer) -> None:
    page = client.tags.recent_media("señor", count=20)
    found = list(page)
    assert ids(found) == expected(server.store, "/tags/señor/media/recent")
    assert page.envelope.pagination
    cursor = page.envelope.pagination.next_max_tag_id
    assert cursor
    assert ids(client.tags.recent_media("señor", max_tag_id=cursor)) == ids(found[20:])
    assert ids(client.tags.recent_media("señor", min_tag_id=cursor)) == ids(found[:19])


def users_search(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.users.search(q="ada"))
    assert found[0] == m.UserShort(
        id="1001", username="ada", full_name="Ada Fields", profile_picture="https://cdn.example.com/ada.jpg"
    )
    assert len(client.users.search(q="m", count=2).data) == 2


def users_feed(client: Instagram, server: ReferenceServer) -> None:
    whole = expected(server.store, "/users/self/feed")
    found = list(client.users.feed(count=30, min_id=whole[100]))
    assert ids(found) == whole[:100]
    assert {one.user.id for one in found} <= set(expected(server.store, "/users/self/follows"))
    assert ids(client.users.feed(max_id=whole[3], min_id=whole[30])) == whole[4:30]


def users_liked_media(client: Instagram, server: ReferenceServer) -> None:
    page = client.users.liked_media(count=33)
    assert ids(page) == expected(server.store, "/users/self/media/liked")
    assert page.envelope.pagination
    cursor = page.envelope.pagination.next_max_like_id
    assert cursor
    assert client.users.liked_media(count=33, max_like_id=cursor).data == page.next_page().data


def users_get(client: Instagram, server: ReferenceServer) -> None:
    me = client.users.get("self")
    assert isinstance(me, m.User)
    assert (me.id, me.username, me.bio) == ("1001", "ada", "Light and shade.")
    assert me.counts == m.UserCounts(media=92, follows=81, followed_by=121)
    assert client.users.get("1001") == me
    assert client.users.get(BELA).full_name == "Bela Ito"


def users_recent_media(client: Instagram, server: ReferenceServer) -> None:
    found = list(client.users.recent_media("self", count=20))
    assert ids(found) == expected(server.store, "/users/self/media/recent")
    assert len(found) == 92
    assert {one.user.username for one in found} == {"ada"}
    assert len(server.requests) == 5
    between = client.users.recent_media("self", max_id=found[3].id, min_id=found[50].id)
    assert ids(between) == ids(found[4:50])
    times = (int(found[50].created_time), int(found[3].created_time))
    timed = client.users.recent_media("self", min_timestamp=times[0], max_timestamp=times[1])
    assert ids(timed) == ids(found[4:50])


def subscriptions_create(client: Instagram, server: ReferenceServer) -> None:
    subscription = subscribe(client)
    assert isinstance(subscription, m.Subscription)
    fields = (subscription.object_, subscription.object_id, subscription.aspect, subscription.type_)
    assert fields == ("tag", "snow", "media", "subscription")
    assert subscription.callback_url.endswith("/back?a=1")
    assert subscription in client.subscriptions.list().data
    with callback(echo) as url:
        place = client.subscriptions.create(
            object="geography", callback_url=url, lat=48.8584, lng=2.2945, radius=5000
        )
    assert place.object_id
    whole = expected(server.store, f"/geographies/{GEOGRAPHY}/media/recent")
    assert ids(client.geographies.recent_media(place.object_id).data) == whole[:20]


def subscriptions_delete(client: Instagram, server: ReferenceServer) -> None:
    client.subscriptions.delete(id=SUBSCRIPTION)
    assert [one.object_ for one in client.subscriptions.list()] == ["geography"]
    client.subscriptions.delete(object="all")
    assert client.subscriptions.list().data == []


def subscriptions_list(client: Instagram, server: ReferenceServer) -> None:
    user, place = client.subscriptions.list()
    assert (user.id, user.object_, user.object_id) == (SUBSCRIPTION, "user", None)
    assert (place.object_, place.object_id) == ("geography", GEOGRAPHY)


def oauth_authorize_url(client: Instagram, server: ReferenceServer) -> None:
    url = client.oauth.authorize_url(DEMO.redirect_uri, scope=["likes", "comments"], state="a&b=ü")
    assert url.startswith(f"{ORIGIN}/oauth/authorize/?")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "client_id": DEMO.id,
        "redirect_uri": DEMO.redirect_uri,
        "response_type": "code",
        "scope": "likes comments",
        "state": "a&b=ü",
    }
    assert DEMO.secret not in url
    back = server.consent(url)
    assert back.startswith(f"{DEMO.redirect_uri}?code=")
    implicit = client.oauth.authorize_url(DEMO.redirect_uri, response_type="token", scope="likes")
    assert "#access_token=1001." in server.consent(implicit)
    assert f"client_id={seed_data.NEW_CLIENT.id}&" in client.oauth.authorize_url(
        "https://a.test/", client_id=seed_data.NEW_CLIENT.id
    )


def oauth_code_from_redirect(client: Instagram, server: ReferenceServer) -> None:
    url = client.oauth.authorize_url(DEMO.redirect_uri, state="ü")
    back = server.consent(url)
    assert re.fullmatch("[0-9a-f]{32}", client.oauth.code_from_redirect(back, state="ü"))
    with pytest.raises(AuthorizationError) as caught:
        client.oauth.code_from_redirect(back, state="u")
    assert caught.value.error == "state_mismatch"
    with pytest.raises(AuthorizationError) as caught:
        client.oauth.code_from_redirect(server.consent(url, answer="cancel"), state="ü")
    assert caught.value.error == "access_denied"
    assert caught.value.reason == "user_denied"
    assert caught.value.description == "The user denied your request"
    with pytest.raises(AuthorizationError, match="contains neither a code nor an error"):
        client.oauth.code_from_redirect(DEMO.redirect_uri)


def oauth_exchange_code(client: Instagram, server: ReferenceServer) -> None:
    back = server.consent(client.oauth.authorize_url(DEMO.redirect_uri, scope=["likes"]))
    code = client.oauth.code_from_redirect(back)
    token = client.oauth.exchange_code(redirect_uri=DEMO.redirect_uri, code=code)
    assert isinstance(token, m.Token)
    assert token.user.username == "ada"
    assert token.access_token == TOKENS["all"]  # one token for each user and app, also for who holds it
    scopes = server.store.value("SELECT scopes FROM token WHERE token = ?", token.access_token)
    assert "likes" in scopes.split()


def oembed_get(client: Instagram, server: ReferenceServer) -> None:
    embed = client.oembed.get(url=LINK)
    assert isinstance(embed, m.Embed)
    assert (embed.media_id, embed.author_name, embed.title) == (SNOW, "ada", "First #snow")
    assert (embed.width, embed.height) == (658, None)
    assert embed.html
    assert "<script" in embed.html
    small = client.oembed.get(url=f"{LINK}?a=1&b=2", maxwidth=320, hidecaption=True, omitscript=True)
    assert small.width == 320
    assert small.html
    assert "<script" not in small.html
    assert "First" not in small.html


def oembed_media_url(client: Instagram, server: ReferenceServer) -> None:
    images = client.media.get(SNOW).images
    assert client.oembed.media_url(SNOW_CODE) == images.low_resolution.url
    assert client.oembed.media_url(SNOW_CODE, size="t") == images.thumbnail.url
    assert client.oembed.media_url(SNOW_CODE, size="l") == images.standard_resolution.url


CASES: dict[str, Callable[[Instagram, ReferenceServer], None]] = {
    "comments.create": comments_create,
    "comments.delete": comments_delete,
    "comments.list": comments_list,
    "geographies.recent_media": geographies_recent_media,
    "likes.create": likes_create,
    "likes.delete": likes_delete,
    "likes.list": likes_list,
    "locations.search": locations_search,
    "locations.get": locations_get,
    "locations.recent_media": locations_recent_media,
    "media.popular": media_popular,
    "media.search": media_search,
    "media.get_by_shortcode": media_get_by_shortcode,
    "media.get": media_get,
    "relationships.requested_by": relationships_requested_by,
    "relationships.followed_by": relationships_followed_by,
    "relationships.follows": relationships_follows,
    "relationships.get": relationships_get,
    "relationships.update": relationships_update,
    "tags.search": tags_search,
    "tags.get": tags_get,
    "tags.recent_media": tags_recent_media,
    "users.search": users_search,
    "users.feed": users_feed,
    "users.liked_media": users_liked_media,
    "users.get": users_get,
    "users.recent_media": users_recent_media,
    "subscriptions.create": subscriptions_create,
    "subscriptions.delete": subscriptions_delete,
    "subscriptions.list": subscriptions_list,
    "oauth.authorize_url": oauth_authorize_url,
    "oauth.code_from_redirect": oauth_code_from_redirect,
    "oauth.exchange_code": oauth_exchange_code,
    "oembed.get": oembed_get,
    "oembed.media_url": oembed_media_url,
}
"""What each method does."""


def credentials(name: str) -> dict[str, str]:
    """What a method needs beside a token."""
    return APP if name.startswith(("subscriptions.", "oauth.")) else {}


@in_each_manner
@pytest.mark.parametrize("name", CASES)
def test_every_method_works(server: ReferenceServer, name: str, manner: str) -> None:
    CASES[name](server.client(manner, **credentials(name)), server)
    assert name in server.called
    if name not in WITHOUT_REQUEST:
        assert bool(server.raw_responses) == manner.endswith("raw")


@pytest.mark.no_cover
@on_both_sides
@pytest.mark.parametrize("name", CASES)
def test_every_method_satisfies_a_strict_client(server: ReferenceServer, name: str, manner: str) -> None:
    CASES[name](server.client(manner, strict=True, **credentials(name)), server)


@pytest.mark.no_cover
@on_both_sides
@pytest.mark.parametrize("name", CASES)
def test_every_method_works_for_an_app_that_must_sign(
    server: ReferenceServer, name: str, manner: str
) -> None:
    server.store.run("UPDATE client SET signed = 1 WHERE id = ?", DEMO.id)
    CASES[name](server.client(manner, **APP), server)
    for request in server.requests:
        version, _, path = request.url.path.removeprefix("/").partition("/")
        parameters = dict(request.url.params) | dict(parse_qsl(request.read().decode()))
        signed = access.sign(DEMO.secret, f"/{path}", parameters).decode()
        assert parameters.get("sig") == (signed if version == "v1" else None)


def methods(client: Instagram | AsyncInstagram, raw: bool = False) -> set[str]:
    """The methods of all resources of a client, or of their raw variants."""
    names = set()
    for name, _ in inspect.getmembers(type(client), lambda one: isinstance(one, property)):
        resource = getattr(client, name)
        kind = type(resource.with_raw_response if raw else resource)
        names |= {f"{name}.{one}" for one, _ in inspect.getmembers(kind, inspect.isfunction) if one[0] != "_"}
    return names


def test_the_tables_contain_every_method() -> None:
    documented = {one.name: one for one in vars(_endpoints).values() if isinstance(one, endpoints.Endpoint)}
    for client in (Instagram(), AsyncInstagram()):
        assert methods(client) == CASES.keys() == CALLS.keys()
        assert methods(client, raw=True) == CASES.keys() - WITHOUT_REQUEST == documented.keys()
    assert PAGED.keys() == {name for name, one in documented.items() if one.next_page}


@pytest.mark.parametrize("name", CALLS)
def test_every_manner_returns_the_same(servers: Callable[..., ReferenceServer], name: str) -> None:
    results, sent = [], []
    for manner in MANNERS:
        server = servers()
        result = CALLS[name](server.client(manner, **credentials(name)))
        assert server.called == [name]
        if name == "subscriptions.create":  # the app that is called back is elsewhere each time
            result.callback_url = ""
        results.append((result.data, result.envelope) if hasattr(result, "envelope") else result)
        sent.append([(one.method, one.url, one.read()) for one in server.requests])
        for response in server.raw_responses:
            assert response.status_code == (302 if name == "oembed.media_url" else 200)
            assert response.headers["content-length"] == str(len(response.content))
            limited = server.requests[0].url.path.startswith("/v1/")
            assert response.rate_limit == ((5000, 4999) if limited else (None, None))
    assert results == results[:1] * len(MANNERS)
    if name != "subscriptions.create":
        assert sent == sent[:1] * len(MANNERS)


@pytest.fixture
def thinned(server: ReferenceServer) -> ReferenceServer:
    """Without most media, so that no list has many pages."""
    server.store.run(
        "DELETE FROM media WHERE created % 8 AND owner <> ? AND location IS NOT 301", seed_data.ADA
    )
    return server


@pytest.mark.no_cover
@on_both_sides
@pytest.mark.parametrize("name", PAGED)
def test_pages_lead_through_the_whole_list(thinned: ReferenceServer, name: str, manner: str) -> None:
    path, call = PAGED[name]
    whole, client = expected(thinned.store, path), thinned.client(manner)
    count = 20 if name == "locations.recent_media" else min(33, len(whole) // 2 - 1)
    page = call(client, count)
    pages = list(page.pages())
    sizes = [len(one.data) for one in pages]
    assert sizes[:-1] == [count] * (len(pages) - 1)
    assert len(pages) > 2
    assert [one.has_next_page() for one in pages] == [True] * (len(pages) - 1) + [False]
    walked = []
    while page.has_next_page():
        walked += page.data
        page = page.next_page()
    walked += page.data
    assert ids(walked) == whole
    assert [item for one in pages for item in one.data] == walked
    assert list(call(client, 33)) == walked
    assert list(pages[-2]) == walked[-sum(sizes[-2:]) :]
    with pytest.raises(PaginationError, match="this is the last page"):
        page.next_page()


@pytest.mark.parametrize("name", PAGED)
def test_an_asynchronous_list_need_not_be_awaited_first(thinned: ReferenceServer, name: str) -> None:
    path, call = PAGED[name]
    client: Any = thinned.asynchronous()

    async def walk() -> tuple[list[Any], list[Any]]:
        return [one async for one in call(client, 33)], [page async for page in call(client, 33).pages()]

    items, pages = thinned.wait(walk())
    assert ids(items) == expected(thinned.store, path)
    assert [one for page in pages for one in page.data] == items


class ErrorCase(NamedTuple):
    """A call that fails with these options of the client and settings of the server, and its error."""

    call: MethodCall
    kind: type[APIStatusError]
    status: int
    error_type: str | None
    message: str | None  # how it begins
    hint: str | None  # a part of it
    rate_limit: tuple[int | None, int | None] = (5000, 4999)
    is_flat: bool = False
    options: Mapping[str, Any] = MappingProxyType({})
    settings: Mapping[str, Any] = MappingProxyType({})


INVALID_TOKEN = "The access_token provided is invalid."
BY_USER, CHECK = "this user does not exist", "Check the id."
BUDGET = "The budget of an hour is used up"
ERRORS = {
    "unknown media": ErrorCase(
        lambda client: client.media.get("1_1"),
        NotFoundError,
        400,
        "APINotFoundError",
        "invalid media id",
        CHECK,
    ),
    "unknown shortcode": ErrorCase(
        lambda client: client.media.get_by_shortcode("AAAA"),
        NotFoundError,
        400,
        "APINotFoundError",
        "invalid media id",
        CHECK,
    ),
    "unknown user": ErrorCase(
        lambda client: client.users.get("1"), NotFoundError, 400, "APINotFoundError", BY_USER, CHECK
    ),
    "closed account": ErrorCase(
        lambda client: client.users.get(str(seed_data.CLOSED_ACCOUNT)),
        NotFoundError,
        404,
        "APINotFoundError",
        BY_USER,
        CHECK,
    ),
    "user that blocks": ErrorCase(
        lambda client: client.users.recent_media(str(seed_data.BLOCKER)),
        NotFoundError,
        400,
        "APINotFoundError",
        BY_USER,
        CHECK,
    ),
    "unknown comment": ErrorCase(
        lambda client: client.comments.delete(SNOW, "1"),
        NotFoundError,
        400,
        "APINotFoundError",
        "invalid comment id",
        CHECK,
    ),
    "unknown geography": ErrorCase(
        lambda client: client.geographies.recent_media("1"),
        NotFoundError,
        400,
        "APINotFoundError",
        "invalid geography id",
        CHECK,
    ),
    "revoked token": ErrorCase(
        lambda client: client.users.get("self"),
        AuthenticationError,
        400,
        "OAuthAccessTokenException",
        INVALID_TOKEN,
        "through authorize_url again",
        (5000, 5000),
        options={"access_token": TOKENS["revoked"]},
    ),
    "missing scope": ErrorCase(
        lambda client: client.likes.create(TOWER),
        PermissionDeniedError,
        400,
        "OAuthPermissionsException",
        "This request requires scope=likes",
        "with the scope that the message names",
        options={"access_token": TOKENS["without-likes"]},
    ),
    "app that is not approved": ErrorCase(
        lambda client: client.comments.create(TOWER, text="Lovely"),
        PermissionDeniedError,
        400,
        "OAuthPermissionsException",
        "This client has not been approved",
        "must be approved",
        options={"access_token": seed_data.UNAPPROVED_TOKEN},
    ),
    "private user": ErrorCase(
        lambda client: client.users.recent_media(str(seed_data.STRANGER)),
        PermissionDeniedError,
        400,
        "APINotAllowedError",
        "you cannot view this resource",
        "the owner is private",
    ),
    "user for people of an age": ErrorCase(
        lambda client: client.users.get(str(seed_data.AGE_GATED)),
        PermissionDeniedError,
        400,
        "APIAgeGatedError",
        "you cannot view this resource",
        "a certain age",
    ),
    "banned tag": ErrorCase(
        lambda client: client.tags.recent_media(words.BANNED_TAG),
        PermissionDeniedError,
        400,
        "APINotAllowedError",
        "This tag cannot be viewed",
        "the tag is banned",
    ),
    "retired for all": ErrorCase(
        lambda client: client.media.get(SNOW),
        PermissionDeniedError,
        400,
        "APINotAllowedError",
        "This endpoint has been retired",
        "the endpoint is retired",
        settings={"era": Era.APRIL_2018},
    ),
    "retired for new apps": ErrorCase(
        lambda client: client.media.popular(),
        PermissionDeniedError,
        400,
        "APINotAllowedError",
        "This endpoint has been retired",
        "the endpoint is retired",
        options={"access_token": seed_data.NEW_APP_TOKEN},
    ),
    "not signed": ErrorCase(
        lambda client: client.users.get("self"),
        PermissionDeniedError,
        403,
        "OAuthForbiddenException",
        "Invalid signed-request: Missing required parameter 'sig'",
        "client_secret",
        (5000, 5000),
        is_flat=True,
        options={"access_token": seed_data.SIGNED_TOKEN},
    ),
    "signed wrongly": ErrorCase(
        lambda client: client.likes.create(TOWER),
        PermissionDeniedError,
        403,
        "OAuthForbiddenException",
        "Invalid signed-request: Signature does not match",
        "client_secret",
        (5000, 5000),
        is_flat=True,
        options={"access_token": seed_data.SIGNED_TOKEN, "client_secret": DEMO.secret},
    ),
    "limit of an endpoint": ErrorCase(
        lambda client: client.likes.create(TOWER),
        RateLimitError,
        429,
        "OAuthRateLimitException",
        "The maximum number of requests per hour has been exceeded. You have made 1 requests of the 0",
        BUDGET,
        settings={"write_limit": 0},
    ),
    "limit of all endpoints": ErrorCase(
        lambda client: client.users.recent_media("self"),
        RateLimitError,
        429,
        "OAuthRateLimitException",
        "You have exceeded the maximum number of requests per hour.",
        BUDGET,
        (0, 0),
        is_flat=True,
        settings={"rate_limit": 0},
    ),
    "count": ErrorCase(
        lambda client: client.users.recent_media("self", count=0),
        BadRequestError,
        400,
        "APIInvalidParametersError",
        "Count must be larger than zero.",
        "Correct the parameter",
    ),
    "half a place": ErrorCase(
        lambda client: client.locations.search(lat=1.5),
        BadRequestError,
        400,
        "APIInvalidParametersError",
        "lat and lng must be given together.",
        "Correct the parameter",
    ),
    "callback out of reach": ErrorCase(
        lambda client: client.subscriptions.create(
            object="user", aspect="media", callback_url="http://127.0.0.1:1/"
        ),
        BadRequestError,
        400,
        "APISubscriptionError",
        'Unable to reach callback URL["http://127.0.0.1:1/"].',
        "The callback must be reachable",
        options=APP,
    ),
    "unknown subscription": ErrorCase(
        lambda client: client.subscriptions.delete(id="1"),
        NotFoundError,
        400,
        "APINotFoundError",
        "invalid subscription id",
        CHECK,
        options=APP,
    ),
    "unknown code": ErrorCase(
        lambda client: client.oauth.exchange_code(redirect_uri=DEMO.redirect_uri, code="no"),
        AuthenticationError,
        400,
        "OAuthException",
        "No matching code found.",
        "A code works once",
        (None, None),
        is_flat=True,
        options=APP,
    ),
    "unknown post": ErrorCase(
        lambda client: client.oembed.get(url=LOST), NotFoundError, 404, None, None, None, (None, None)
    ),
    "no post": ErrorCase(
        lambda client: client.oembed.get(url="https://a.test/"),
        BadRequestError,
        400,
        None,
        None,
        None,
        (None, None),
    ),
    "image of an unknown post": ErrorCase(
        lambda client: client.oembed.media_url("AAAA"), NotFoundError, 404, None, None, None, (None, None)
    ),
    "unknown route": ErrorCase(
        lambda client: client.users.get("self"),
        NotFoundError,
        404,
        None,
        None,
        None,
        (None, None),
        options={"base_url": f"{ORIGIN}/v2"},
    ),
}


@in_each_manner
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_response_is_raised_in_full(
    servers: Callable[..., ReferenceServer], name: str, manner: str
) -> None:
    case = ERRORS[name]
    server = servers(**case.settings)
    client = server.client(manner, **case.options)
    with pytest.raises(APIStatusError) as caught:
        case.call(client)
    error = caught.value
    assert type(error) is case.kind
    assert error.status_code == error.response.status_code == case.status
    assert error.error_type == case.error_type
    assert error.rate_limit == case.rate_limit
    if case.message is None:
        assert error.error_message is None
        assert error.response.headers["content-type"].startswith("text/html")
        assert error.response.text in str(error)
    else:
        assert error.error_message
        assert error.error_message.startswith(case.message)
        assert ("meta" in error.response.json()) is not case.is_flat
        assert f"{case.error_type}: {error.error_message}" in str(error)
    if case.hint is None:
        assert error.hint is None
    else:
        assert error.hint
        assert case.hint in error.hint
        assert error.hint in str(error)
    assert server.requests
    for secret in (*TOKENS.values(), DEMO.secret):
        assert secret not in f"{error!r} {error.response.request.url}"


def test_every_shape_and_class_of_an_error_is_provoked() -> None:
    shapes = {(one.message is None, one.is_flat) for one in ERRORS.values()}
    assert shapes == {(False, False), (False, True), (True, False)}  # meta, flat, a page
    kinds = {one.kind for one in ERRORS.values()}
    never = {ConflictError, InternalServerError, StreamError, UnprocessableEntityError}
    assert kinds == set(APIStatusError.__subclasses__()) - never


@on_both_sides
@pytest.mark.parametrize("name", sorted(CALLS.keys() - WITHOUT_REQUEST))
def test_no_method_works_with_wrong_credentials(server: ReferenceServer, name: str, manner: str) -> None:
    wrong = {"client_id": DEMO.id, "client_secret": "wrong"} if credentials(name) else {}
    client = server.client(manner, access_token=TOKENS["revoked"], **wrong)
    if name.startswith("oembed."):  # they need none
        CALLS[name](client)
        return
    with pytest.raises(APIStatusError) as caught:
        CALLS[name](client)
    expected_kind = BadRequestError if name.startswith("subscriptions.") else AuthenticationError
    assert type(caught.value) is expected_kind
    assert server.called == [name]
    assert len(server.requests) == 1


@on_both_sides
@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_sent_without_a_required_credential(
    server: ReferenceServer, name: str, manner: str
) -> None:
    client = server.client(manner, access_token=None)
    if name.startswith("oembed.") or name == "oauth.code_from_redirect":
        CALLS[name](client)
        return
    needed = "client_id" if credentials(name) else "access_token"
    with pytest.raises(MissingCredentialError, match=f"^{re.escape(name)} requires {needed}"):
        CALLS[name](client)
    assert server.requests == []


RULES = {
    "max-length": "a" * 301,
    "max-hashtags": "#a #b #c #d #e",
    "max-urls": "http://a.test and https://b.test",
    "not-all-capitals": "LOVELY LIGHT",
}


@in_each_manner
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_checked_before_anything_is_sent(server: ReferenceServer, rule: str, manner: str) -> None:
    with pytest.raises(RuleError) as caught:
        server.client(manner).comments.create(TOWER, text=RULES[rule])
    error = caught.value
    assert (error.parameter, error.rule) == ("text", rule)
    [message] = [one.message for one in _endpoints.COMMENTS_CREATE.rules["text"] if one.name == rule]
    assert error.message == message
    assert server.requests == []


def test_the_table_violates_every_rule() -> None:
    assert list(RULES) == [one.name for one in _endpoints.COMMENTS_CREATE.rules["text"]]


@in_each_manner
def test_a_text_at_the_limit_of_every_rule_is_accepted(server: ReferenceServer, manner: str) -> None:
    for text in ("a" * 300, "#a #b #c #d", "http://a.test and b", "lOVELY LIGHT", "!?"):
        server.client(manner).comments.create(TOWER, text=text)
        assert server.client(manner).comments.list(TOWER).data[-1].text == text


@in_each_manner
@pytest.mark.parametrize("name", sorted(DEPRECATED))
def test_a_deprecated_method_warns_once_in_each_manner(
    server: ReferenceServer, name: str, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "_warned", set())
    client = server.client(manner)
    with pytest.warns(DeprecationWarning, match=f"^{re.escape(name)} is deprecated") as caught:
        CALLS[name](client)
    [warning] = caught
    assert DEPRECATED[name] in str(warning.message)
    CALLS[name](client)  # a second warning would be an error


@in_each_manner
def test_the_app_that_must_sign_is_authorized_with_its_secret(server: ReferenceServer, manner: str) -> None:
    client = server.client(
        manner, access_token=seed_data.SIGNED_TOKEN, client_secret=seed_data.SIGNED_CLIENT.secret, strict=True
    )
    assert len(list(client.users.recent_media("self", count=20))) == 92
    signatures = [request.url.params["sig"] for request in server.requests]
    assert len(set(signatures)) == len(signatures) == 5
    client.comments.create(TOWER, text="Schön & gut")
    assert b"&sig=" in server.requests[-1].read()
    assert "sig" not in server.requests[-1].url.params
