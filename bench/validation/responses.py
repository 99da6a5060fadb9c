"""Bodies of responses as the API of spec/openapi.yaml has them, drawn from a seed, and one fault for each."""

import random
from collections.abc import Callable
from typing import Any, NamedTuple

Value = dict[str, Any]
Fault = Callable[[Value], None]


def _listed(words: str) -> list[str]:
    return words.split()


_ASIDES = ['he said "stay"', "a\\b", "\n\n", "<3", "5 & 6", "\tlist:", "50% off", "it's"]
_WORDS = _listed(
    "light harbour snow morning the a with our first last long walk friends coffee river old town still "
    "summer winter again never always best view from window train north south home dinner table bread salt "
    "wind wave blue golden hour shade of and at in on by market street corner garden rain late early slow"
)
_ACCENTS = _listed(
    "été Łódź København señor über naïve façade Прекрасный свет 美しい光 서울 ελλάδα 🌅 🌊 ❤️ … “quoted”"
)
_FILTERS = ["Normal", "Clarendon", "Juno", "X-Pro II", "Lark", "Valencia", None]
_TAGS = _listed("snow light harbour tbt love instagood travel été свет 美景 coffee nofilter sea photo street")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_EPOCH = 1_314_220_021_721  # milliseconds: when ids of media begin, by x-identifier of MediaId
_FIRST, _LAST = 1_388_534_400, 1_448_668_800  # seconds: 2014-01-01 and 2015-11-28
_SCHEMAS = "/components/schemas/"
_ERROR = "/components/responses/BadRequest/content/application~1json/schema"
_ERRORS = [
    ("APINotFoundError", "this user does not exist"),
    ("APINotAllowedError", "you cannot view this resource"),
    ("APIInvalidParametersError", "Count must be larger than zero."),
    ("OAuthAccessTokenException", "The access_token provided is invalid."),
]


class Response(NamedTuple):
    """A response to a GET: its path and query below the base path, its body, and ways to violate the schema.

    ``template`` is the path in the document, ``schema`` the pointer of the schema of the body.
    """

    template: str
    path: str
    status: int
    schema: str
    body: Value
    faults: tuple[Fault, ...]


class Responses:
    """Draws responses; the people in them are drawn once, everything else for each."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(f"people {seed}")
        self._people = [_person(chance, 2000 + number) for number in range(400)]

    def page(self, chance: random.Random) -> Response:
        """A page of 20 media, of a user, in a feed, or liked."""
        kind = chance.choice(["recent", "feed", "liked"])
        owner = chance.choice(self._people)
        times = sorted((chance.randrange(_FIRST, _LAST) for _ in range(20)), reverse=True)
        media = [
            self._media(chance, owner if kind == "recent" else chance.choice(self._people), time)
            for time in times
        ]
        faults = tuple(_on_item(fault) for fault in _MEDIA_FAULTS)
        if kind == "liked":
            for item in media:
                item["user_has_liked"] = True
            cursor = str(times[-1] * 1000)
            pagination = _pagination("users/self/media/liked", "max_like_id", cursor)
            body = {"pagination": pagination, "meta": {"code": 200}, "data": media}
            return Response(
                "/users/self/media/liked",
                "/users/self/media/liked?count=20",
                200,
                f"{_SCHEMAS}LikedMediaPageEnvelope",
                body,
                faults,
            )
        template = "/users/{user_id}/media/recent" if kind == "recent" else "/users/self/feed"
        path = template.format(user_id=owner["id"])
        pagination = _pagination(path[1:], "max_id", media[-1]["id"])
        body = {"pagination": pagination, "meta": {"code": 200}, "data": media}
        return Response(template, f"{path}?count=20", 200, f"{_SCHEMAS}MediaPageEnvelope", body, faults)

    def small(self, chance: random.Random) -> Response:
        """A short response of one of several operations, now and then an error."""
        draws = [self._comments, self._likes, self._follows, self._locations, self._user, self._error]
        return chance.choices(draws, [30, 25, 15, 15, 10, 5])[0](chance)

    def _comments(self, chance: random.Random) -> Response:
        time = chance.randrange(_FIRST, _LAST)
        data = [self._comment(chance, time + 60 * number) for number in range(chance.randint(3, 7))]
        template = "/media/{media_id}/comments"
        faults = (
            _on_item(lambda item: item.update(created_time=int(item["created_time"]))),
            _on_item(lambda item: item.update(text=None)),
            _on_item(lambda item: item["from"].pop("username")),
            _on_item(lambda item: item.pop("id")),
        )
        path = template.format(media_id=self._media_id(chance, time))
        return Response(template, path, 200, f"{_SCHEMAS}CommentListEnvelope", _success(data), faults)

    def _likes(self, chance: random.Random) -> Response:
        time = chance.randrange(_FIRST, _LAST)
        template = "/media/{media_id}/likes"
        data = chance.sample(self._people, chance.randint(6, 12))
        path = template.format(media_id=self._media_id(chance, time))
        return Response(template, path, 200, f"{_SCHEMAS}UserListEnvelope", _success(data), _PEOPLE_FAULTS)

    def _follows(self, chance: random.Random) -> Response:
        path = f"/users/{chance.choice(self._people)['id']}/follows"
        body = _success(chance.sample(self._people, chance.randint(6, 12)))
        body["pagination"] = _pagination(path[1:], "cursor", str(chance.randrange(10**12, 10**13)))
        return Response(
            "/users/{user_id}/follows", path, 200, f"{_SCHEMAS}UserPageEnvelope", body, _PEOPLE_FAULTS
        )

    def _locations(self, chance: random.Random) -> Response:
        latitude, longitude = chance.uniform(-60, 60), chance.uniform(-170, 170)
        data = [
            {
                "id": str(1000 * chance.randrange(1, 10**6) + number),
                "name": _text(chance, 3),
                "latitude": round(latitude + chance.uniform(-0.003, 0.003), 9),
                "longitude": round(longitude + chance.uniform(-0.003, 0.003), 9),
            }
            for number in range(chance.randint(10, 20))
        ]
        faults = (
            _on_item(lambda item: item.update(latitude=91.5)),
            _on_item(lambda item: item.update(longitude=str(item["longitude"]))),
            _on_item(lambda item: item.pop("name")),
        )
        path = f"/locations/search?lat={latitude:.6f}&lng={longitude:.6f}"
        return Response(
            "/locations/search", path, 200, f"{_SCHEMAS}LocationListEnvelope", _success(data), faults
        )

    def _user(self, chance: random.Random) -> Response:
        person = chance.choice(self._people)
        user = {
            **person,
            "bio": _text(chance, chance.randint(10, 30)),
            "website": chance.choice(["", f"https://{person['username']}.example.com/"]),
            "counts": {name: chance.randrange(10_000) for name in ("media", "follows", "followed_by")},
        }
        faults = (
            lambda body: body["data"].update(bio=None),
            lambda body: body["data"]["counts"].update(media=-1),
            lambda body: body["data"]["counts"].update(follows=0.5),
            lambda body: body["data"].pop("website"),
        )
        return Response(
            "/users/{user_id}",
            f"/users/{person['id']}",
            200,
            f"{_SCHEMAS}UserEnvelope",
            _success(user),
            faults,
        )

    def _error(self, chance: random.Random) -> Response:
        error_type, message = chance.choice(_ERRORS)
        body = {"meta": {"code": 400, "error_type": error_type, "error_message": message}}
        faults = (
            lambda body: body["meta"].update(code=200),
            lambda body: body["meta"].update(error_message=["a list"]),
            lambda body: body["meta"].pop("error_type"),
        )
        return Response(
            "/users/{user_id}", f"/users/{chance.randrange(10**6, 10**7)}", 400, _ERROR, body, faults
        )

    def _media(self, chance: random.Random, owner: Value, time: int) -> Value:
        number = _media_number(chance, time)
        tags = chance.sample(_TAGS, chance.randint(0, 8))
        caption = {**self._comment(chance, time), "from": owner}
        caption["text"] += "".join(f" #{tag}" for tag in tags)
        comments, likes = chance.randint(0, 2), chance.randint(0, 3)
        media: Value = {
            "attribution": None,
            "tags": tags,
            "type": chance.choice(["image", "image", "image", "video"]),
            "location": chance.choice([None, _place(chance)]),
            "comments": {
                "count": comments + chance.randrange(50),
                "data": [self._comment(chance, time + 60 * later) for later in range(comments)],
            },
            "filter": chance.choice(_FILTERS),
            "created_time": str(time),
            "link": f"https://www.instagram.com/p/{_code(number)}/",
            "likes": {
                "count": likes + chance.randrange(2000),
                "data": chance.sample(self._people, likes),
            },
            "images": _renditions(chance, "jpg", thumbnail=150, low_resolution=320, standard_resolution=640),
            "users_in_photo": [
                {"position": {"x": chance.random(), "y": chance.random()}, "user": person}
                for person in chance.sample(self._people, chance.choice([0, 0, 0, 1]))
            ],
            "caption": chance.choice([caption, caption, caption, None]),
            "user_has_liked": chance.random() < 0.5,
            "id": f"{number}_{owner['id']}",
            "user": owner,
        }
        if media["type"] == "video":
            media["videos"] = _renditions(
                chance, "mp4", low_bandwidth=480, low_resolution=480, standard_resolution=640
            )
        return media

    def _media_id(self, chance: random.Random, time: int) -> str:
        return f"{_media_number(chance, time)}_{chance.choice(self._people)['id']}"

    def _comment(self, chance: random.Random, time: int) -> Value:
        return {
            "created_time": str(time),
            "text": _text(chance, chance.randint(2, 9)),
            "from": {**chance.choice(self._people)},
            "id": str(_media_number(chance, time)),
        }


def _on_item(fault: Fault) -> Fault:
    """The fault in the item in the middle of a list."""
    return lambda body: fault(body["data"][len(body["data"]) // 2])


def _renewed(name: str, **changes: object) -> Fault:
    """The fault in a member that others may share."""

    def change(item: Value) -> None:
        item[name] = {**item[name], **changes}

    return change


_MEDIA_FAULTS: tuple[Fault, ...] = (
    lambda item: item.update(created_time=int(item["created_time"])),
    lambda item: item.update(type="photo"),
    lambda item: item.update(tags=None),
    lambda item: item["images"]["thumbnail"].update(width="150"),
    lambda item: item["likes"].update(count=-1),
    lambda item: item.pop("link"),
    _renewed("user", username=7),
)


def _without_picture(body: Value) -> None:
    person = body["data"].pop()
    body["data"].append({name: value for name, value in person.items() if name != "profile_picture"})


def _with_number(body: Value) -> None:
    body["data"].append({**body["data"].pop(), "id": 7})


_PEOPLE_FAULTS: tuple[Fault, ...] = (_without_picture, _with_number)


def _success(data: object) -> Value:
    return {"meta": {"code": 200}, "data": data}


def _pagination(path: str, parameter: str, cursor: str) -> Value:
    address = f"https://api.instagram.com/v1/{path}?access_token=ACCESS-TOKEN&count=20&{parameter}={cursor}"
    return {"next_url": address, f"next_{parameter}": cursor}


def _person(chance: random.Random, number: int) -> Value:
    name = f"{chance.choice(_WORDS)}_{chance.choice(_WORDS)}{number}"
    return {
        "username": name,
        "profile_picture": f"https://scontent.cdninstagram.com/hphotos-xfa1/t51.2885-19/s150x150/"
        f"{chance.randrange(10**8)}_{chance.randrange(10**15)}_{chance.randrange(10**9)}_a.jpg",
        "id": str(number),
        "full_name": chance.choice(["", _text(chance, 2), f"{chance.choice(_ACCENTS)} {name.title()}"]),
    }


def _place(chance: random.Random) -> Value:
    coordinates = {"latitude": chance.uniform(-90, 90), "longitude": chance.uniform(-180, 180)}
    if chance.random() < 0.3:
        return coordinates
    return {**coordinates, "id": chance.randrange(10**9), "name": _text(chance, 3)}


def _renditions(chance: random.Random, suffix: str, **sizes: int) -> Value:
    name = f"{chance.randrange(10**8)}_{chance.randrange(10**15)}_{chance.randrange(10**9)}_n"
    return {
        size: {
            "url": f"https://scontent.cdninstagram.com/hphotos-xfa1/t51.2885-15/s{pixels}x{pixels}/{name}.{suffix}",
            "width": pixels,
            "height": pixels,
        }
        for size, pixels in sizes.items()
    }


def _media_number(chance: random.Random, time: int) -> int:
    """An id that carries its time, which the laws of the document hold it to."""
    return (time * 1000 + chance.randrange(1000) - _EPOCH) << 23 | chance.randrange(1 << 23)


def _code(number: int) -> str:
    """An id in base 64, as links have it."""
    code = ""
    while number:
        number, digit = divmod(number, 64)
        code = _ALPHABET[digit] + code
    return code


def _text(chance: random.Random, words: int) -> str:
    text = " ".join(chance.choices(_WORDS, k=words))
    if chance.random() < 0.3:
        text += f" {chance.choice(_ACCENTS)}"
    if chance.random() < 0.2:
        text += f" {chance.choice(_ASIDES)}"
    return text
