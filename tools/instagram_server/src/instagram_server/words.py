"""Names, texts, tags and places of the seed data.

Every hashtag is followed by a space or ends its text, because other characters beyond ASCII belong to it.
"""

from collections.abc import Iterator
from hashlib import sha256
from random import Random
from typing import Any, NamedTuple

NAMES = (  # given and family names as in a username, and as written
    (
        "mara noel ivo lena otto ines paul zoe theo rosa emil yara",
        "Mara Noël Ivo Léna Otto Inês Paul Zoë Théo Rosa Emil Yara",
        "novak silva berg moreau lund ortega weiss costa",
        "Novák Silva Berg Moreau Lund Ortega Weiß Costa",
    ),
    ("anna oleg mila ivan", "Анна Олег Мила Иван", "orlova lis bondar zima", "Орлова Лис Бондар Зима"),
    ("eleni nikos dafni", "Ελένη Νίκος Δάφνη", "pappa rallis vlachou", "Παππά Ράλλης Βλάχου"),
    ("hana ren yui sora", "はな 蓮 結衣 そら", "mori tanaka kubo", "森 田中 久保"),
    ("minji jun seoyeon", "민지 준 서연", "park choi han", "박 최 한"),
    ("wei ling hao", "伟 玲 浩", "zhao lin gao", "赵 林 高"),
    ("layla omar nour", "ليلى عمر نور", "haddad najjar saleh", "حداد نجار صالح"),
    ("noa eitan tamar", "נועה איתן תמר", "levin bar golan", "לוין בר גולן"),
    ("asha ravi meera", "आशा रवि मीरा", "rao joshi verma", "राव जोशी वर्मा"),
    ("mali somchai dao", "มะลิ สมชาย ดาว", "srisai thong chaiya", "ศรีใส ทอง ไชยา"),
)

BIOS = (
    "",
    "Film, mostly.",
    "Walks, trains and windows. 📷",
    "Всё вижу, ничего не помню.",
    "猫と珈琲",
    "Un peu de tout, surtout la mer",
    "Made of tea and Sundays.",
    "하늘 수집가",
    "Θάλασσα",
    "أحب القهوة والمطر",
)

FILTERS = (
    *("Normal", "Normal", "Normal", "Clarendon", "Juno", "Ludwig", "Crema", "Rise", "Lark", "Reyes"),
    *("Slumber", "Perpetua", "Amaro", "Mayfair", "Hefe", "Valencia", "X-Pro II", "Inkwell", "Gingham"),
    *("Vesper", "Ashby", "Earlybird"),
)

HEIGHTS = (640, 640, 640, 640, 640, 564, 480, 426, 335, 800)
"""Of renditions 640 pixels wide: square, landscape, portrait."""

BANNED_TAG = "pushups"

TAGS = (
    *("snow", "snow", "snow", "Snow", "snowdrop", "snowman", "winter", "light", "light", "morning", "coffee"),
    *("street", "sea", "sky", "nofilter", "tbt", "architecture", "window", "film", "35mm", "b_and_w"),
    *("forest", "cat", "cats", "dog", "ramen", "music", "señor", "été", "straße", "снег", "зима", "кот"),
    *("χιόνι", "雪", "空", "猫", "눈", "하늘", "ثلج", "שלג", "बर्फ", "หิมะ", "❄️", "☕", BANNED_TAG),
)

CAPTIONS = (
    "Nothing but fog this morning",
    "Sunday, slowly.",
    "The last tram home",
    "Found this door again",
    'A "quiet" corner & a loud <espresso>',
    "Two of a kind 🐈🐈",
    "Line one\nline two\n\nand a line after a pause",
    "Всю ночь шёл снег",
    "Κυριακή στη θάλασσα",
    "今日の空",
    "비 온 뒤",
    "清晨",
    "قهوة الصباح",
    "אור ראשון",
    "सुबह की चाय",
    "เช้าวันเสาร์",
    "Ça y est, il neige !",
    "Lunch with @ada and @bela",
    "👩‍👩‍👧‍👦 all of us",
)

LONG_CAPTION = ("We left before it was light and walked along the river until the town was awake. " * 28)[
    :2200
]
FULL_CAPTION = "As many as there may be: " + " ".join(f"#thing{number}" for number in range(1, 31))

COMMENTS = (
    "Lovely light",
    "Where is this?",
    "@ada we have to go there",
    "🌅🌊",
    "😍😍😍",
    "Nice one! #inspired",
    "So good",
    "Which film is it? https://example.com/films?iso=400",
    "Прекрасный свет",
    "Πολύ ωραίο",
    "美しい光",
    "좋아요",
    "رائع",
    "יפה מאוד",
    "बहुत सुंदर",
    "สวยมาก",
    'They said "wow" & left',
    "2015",
    "LOVELY LIGHt",
    ("More light! " * 25)[:-1] + "!",
)

AFTERTHOUGHTS = (
    "Forgot the tags: #snow #winter",
    "#light #Window #b_and_w #film",
    "#雪 #冬",
    "#зима и ещё раз #снег",
    "Same place as last year #tbt",
)
"""What owners add below their own media."""


class City(NamedTuple):
    latitude: float
    longitude: float
    places: tuple[tuple[str, float, float], ...]


PARIS = City(
    48.8584,
    2.2945,
    (
        ("Field of Mars", 48.8556, 2.2986),
        ("Tour Eiffel", 48.8583, 2.2944),
        ("Place du Trocadéro", 48.8629, 2.2873),
        ("Palais de Tokyo", 48.8644, 2.2977),
        ("Pont de Bir-Hakeim", 48.8556, 2.2876),
        ("École Militaire", 48.8527, 2.3043),
        ("Les Invalides", 48.8568, 2.3126),
        ("Musée Rodin", 48.8553, 2.3158),
        ("Pont Alexandre III", 48.8639, 2.3136),
        ("Grand Palais", 48.8661, 2.3125),
        ("Arc de Triomphe", 48.8738, 2.2950),
        ("Parc Monceau", 48.8797, 2.3091),
        ("Place de la Concorde", 48.8656, 2.3212),
        ("Jardin des Tuileries", 48.8635, 2.3275),
        ("Musée d'Orsay", 48.8600, 2.3266),
        ("Opéra Garnier", 48.8720, 2.3316),
        ("Musée du Louvre", 48.8606, 2.3376),
        ("Palais Royal", 48.8638, 2.3371),
        ("Jardin du Luxembourg", 48.8462, 2.3372),
        ("Tour Montparnasse", 48.8421, 2.3219),
        ("Saint-Germain-des-Prés", 48.8539, 2.3338),
        ("Cimetière de Passy", 48.8625, 2.2853),
        ("Maison de la Radio", 48.8525, 2.2787),
        ("Parc André-Citroën", 48.8414, 2.2752),
        ("Gare Saint-Lazare", 48.8763, 2.3254),
        ("Sacré-Cœur", 48.8867, 2.3431),
        ("Centre Pompidou", 48.8607, 2.3522),
        ("Notre-Dame", 48.8530, 2.3499),
    ),
)

CITIES = (
    PARIS,
    City(
        52.5200,
        13.4050,
        (
            ("Alexanderplatz", 52.5219, 13.4132),
            ("Museumsinsel", 52.5169, 13.4019),
            ("Mauerpark", 52.5437, 13.4026),
            ("Görlitzer Park", 52.4966, 13.4372),
            ("Tempelhofer Feld", 52.4736, 13.4017),
        ),
    ),
    City(
        35.6595,
        139.7005,
        (
            ("渋谷スクランブル交差点", 35.6595, 139.7005),
            ("明治神宮", 35.6764, 139.6993),
            ("新宿御苑", 35.6852, 139.7100),
            ("浅草寺", 35.7148, 139.7967),
            ("東京タワー", 35.6586, 139.7454),
        ),
    ),
    City(
        -23.5614,
        -46.6559,
        (
            ("Avenida Paulista", -23.5614, -46.6559),
            ("Parque Ibirapuera", -23.5874, -46.6576),
            ("Mercado Municipal", -23.5418, -46.6295),
            ("Beco do Batman", -23.5566, -46.6866),
        ),
    ),
    City(
        -33.9249,
        18.4241,
        (
            ("Table Mountain", -33.9628, 18.4098),
            ("Company's Garden", -33.9278, 18.4170),
            ("Bo-Kaap", -33.9208, 18.4150),
            ("Sea Point Promenade", -33.9153, 18.3872),
        ),
    ),
    City(  # a town on the 180th meridian
        -16.8000,
        179.9990,
        (
            ("Wairiki", -16.8069, 179.9911),
            ("180th Meridian, Taveuni", -16.7889, 180.0),
            ("Des Voeux Peak", -16.8167, -179.9667),
        ),
    ),
)
"""Cities with some of their places, near enough to where those really are."""

FIRST_LOCATION = 301
_PLACES = [place for city in CITIES for place in city.places]


def digits(name: str) -> str:
    """32 hex digits that look like chance, the same for the same name."""
    return sha256(name.encode()).hexdigest()[:32]


def person(random: Random, user: int) -> tuple[str, str, str, str]:
    """The username, the full name, the bio and the website of a user; all but the first may be empty."""
    givens, written_givens, families, written_families = (row.split() for row in NAMES[user % len(NAMES)])
    given, family = random.randrange(len(givens)), random.randrange(len(families))
    username = f"{givens[given]}_{families[family]}{random.choice('._')}{user}"
    full_name = f"{written_givens[given]} {written_families[family]}" if user % 11 else ""
    website = f"https://{givens[given]}{user}.example.com/" if user % 3 else ""
    return username, full_name, random.choice(BIOS), website


def locations() -> Iterator[tuple[Any, ...]]:
    """Rows of the table; each id of another service is missing in some."""
    yield FIRST_LOCATION, *_PLACES[0], "110506962309835", "1001", "3fd66200f964a520c5f11ee3"
    for number, place in enumerate(_PLACES[1:], FIRST_LOCATION + 1):
        facebook = str(110506962000000 + number * 7919) if number % 8 else None
        foursquare = str(number + 700) if number % 3 else None
        yield number, *place, facebook, foursquare, digits(f"venue {number}")[:24] if number % 5 else None


def whereabouts(random: Random, city: City) -> tuple[int | None, float | None, float | None]:
    """The location and the coordinates of a photo; either may be missing. Many are at the city's first."""
    chance = random.random()
    if chance < 0.4:
        return None, None, None
    if chance < 0.82:
        place = random.choice(city.places) if chance < 0.74 else city.places[0]
        return FIRST_LOCATION + _PLACES.index(place), *place[1:]
    latitude, longitude = (random.gauss(centre, 0.02) for centre in (city.latitude, city.longitude))
    return None, round(latitude, 6), round((longitude + 180) % 360 - 180, 6)


def caption(random: Random) -> str | None:
    if random.random() < 0.15:
        return None
    tags = random.choices(TAGS, k=random.choice((0, 1, 1, 2, 2, 3, 5)))
    return " ".join([random.choice(CAPTIONS), *(f"#{tag}" for tag in tags)])
