"""Skerry Lines, of docs/walks/ferry.md: ports, sailings, and bookings that are kept in memory."""

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx2

from support.paths import ROOT
from walks.wire import ProblemError, Reply, Server
from wirecheck.spec import load

DOCUMENT = ROOT / "examples" / "ferry" / "openapi.yaml"
BASE_URL = "https://api.skerrylines.example/v2"
TOKEN = "skerry-0123456789"
SUMMER_TIME = timezone(timedelta(hours=1))
TICKET = b"%PDF-1.7\n% Skerry Lines, one ticket\n%%EOF\n"

PORTS = {
    "ABZ": ("Aberdeen", "Great Britain"),
    "BEL": ("Belmont", "Unst"),
    "BUR": ("Burravoe", "Yell"),
    "CAM": ("Cambusetter", "Papa Stour"),
    "FOU": ("Ham", "Foula"),
    "GUT": ("Gutcher", "Yell"),
    "HAM": ("Hamars Ness", "Fetlar"),
    "HOU": ("Houbie", "Fetlar"),
    "KIR": ("Kirkwall", "Orkney Mainland"),
    "LER": ("Lerwick", "Mainland"),
    "SYM": ("Symbister", "Whalsay"),
    "TOF": ("Toft", "Mainland"),
}


def identifier(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


def problem(status: int, title: str, **members: Any) -> ProblemError:
    kind = title.lower().replace(" ", "-")
    address = f"https://developers.skerrylines.example/problems/{kind}"
    return ProblemError(status, type=address, title=title, status=status, **members)


def page(request: httpx2.Request, items: list[Any]) -> Reply:
    """A page of a list, with links to those beside it."""
    number, limit = (int(request.url.params.get(name, usual)) for name, usual in (("page", 1), ("limit", 10)))
    links = {"self": number, "prev": number - 1, "next": number + 1}
    exists = {name: 0 < each <= max(1, -(-len(items) // limit)) for name, each in links.items()}
    addresses = {
        name: str(request.url.copy_set_param("page", each)) for name, each in links.items() if exists[name]
    }
    data = items[(number - 1) * limit : number * limit]
    return Reply(200, {"data": data, "links": addresses}, headers={"RateLimit": "limit=60, remaining=59"})


def sailing(day: date, number: int) -> dict[str, Any]:
    departure = datetime(day.year, day.month, day.day, 7 + 6 * number, 30, tzinfo=SUMMER_TIME)
    return {
        "id": identifier(f"{day} {number}"),
        "origin": "LER",
        "destination": "ABZ",
        "departure_time": departure.isoformat(),
        "arrival_time": (departure + timedelta(hours=12)).isoformat(),
        "vessel": ("Hrossey", "Hjaltland")[number],
        "places": 120 - number,
        "price": {"amount": 4250, "currency": "GBP"},
        "delay": None,
    }


class Ferry:
    """The state of the server."""

    def __init__(self) -> None:
        self.bookings: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, str] = {}
        for number in range(23):
            self._book(identifier("earlier"), [{"name": f"Passenger {number}"}])
        self.server = Server(
            load(DOCUMENT),
            "/v2",
            {
                "GET /ports": self.ports,
                "GET /sailings": self.sailings,
                "GET /bookings": self.list,
                "POST /bookings": self.create,
                "GET /bookings/{}": self.retrieve,
                "PATCH /bookings/{}": self.update,
                "DELETE /bookings/{}": self.delete,
                "POST /bookings/{}/payment": self.pay,
                "GET /bookings/{}/ticket": self.ticket,
            },
        )

    def ports(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        island = request.url.params.get("island")
        ports = [
            {"id": key, "name": name, "island": place, "timezone": "Europe/London"}
            for key, (name, place) in PORTS.items()
            if island in (None, place)
        ]
        return page(request, ports)

    def sailings(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        query = request.url.params
        if (query["origin"], query["destination"]) != ("LER", "ABZ"):
            wrong = [{"name": "destination", "reason": f"no ferry goes there from {query['origin']}"}]
            raise problem(400, "No such line", detail="These ports have no line.", invalid_params=wrong)
        day = date.fromisoformat(query["date"])
        return page(request, [sailing(day, number) for number in range(2)])

    def list(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        status = request.url.params.get("status")
        newest = [each for each in reversed(self.bookings.values()) if status in (None, each["status"])]
        return page(request, newest)

    def create(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        body = json.loads(request.content)
        key = request.headers["Idempotency-Key"]
        if key not in self.by_key:
            self.by_key[key] = self._book(**body)
        booking = self.bookings[self.by_key[key]]
        return Reply(201, booking, headers={"Location": f"/v2/bookings/{booking['id']}"})

    def retrieve(self, request: httpx2.Request, key: str) -> Reply:
        return Reply(200, self._booking(request, key))

    def update(self, request: httpx2.Request, key: str) -> Reply:
        booking = self._booking(request, key)
        booking.update(json.loads(request.content))
        return Reply(200, booking)

    def delete(self, request: httpx2.Request, key: str) -> Reply:
        booking = self._booking(request, key)
        if booking["status"] == "cancelled":
            raise problem(409, "Already cancelled")
        booking["status"] = "cancelled"
        return Reply(204)

    def pay(self, request: httpx2.Request, key: str) -> Reply:
        booking = self._booking(request, key)
        payment = json.loads(request.content)
        source = payment["source"]
        if source.pop("cvc", None) == "000":
            raise problem(402, "Card declined", detail="The bank declined the payment.")
        if source["object"] == "card":
            source["number"] = source["number"][-4:]
        booking["status"] = "confirmed"
        booking["payment"] = {"id": identifier(f"payment of {key}"), **payment, "status": "succeeded"}
        return Reply(200, booking["payment"])

    def ticket(self, request: httpx2.Request, key: str) -> Reply:
        if self._booking(request, key)["status"] != "confirmed":
            raise problem(409, "Not paid", detail="A ticket is issued once the booking is paid.")
        return Reply(200, TICKET, "application/pdf")

    def _identify(self, request: httpx2.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise problem(401, "Unauthorized", detail="The access token is missing or has expired.")

    def _booking(self, request: httpx2.Request, key: str) -> dict[str, Any]:
        self._identify(request)
        booking = self.bookings.get(str(UUID(key)))
        if booking is None:
            raise problem(404, "Not Found", detail=f"There is no booking {key}.")
        return booking

    def _book(self, sailing_id: str, passengers: Any, **more: Any) -> str:
        number = len(self.bookings)
        key = identifier(f"booking {number}")
        created = datetime(2026, 6, 1, 9, 0, tzinfo=SUMMER_TIME) + timedelta(minutes=number)
        self.bookings[key] = {
            "id": key,
            "sailing_id": sailing_id,
            "passengers": passengers,
            **more,
            "status": "held",
            "created_at": created.isoformat(),
            "price": {"amount": 4250 * len(passengers), "currency": "GBP"},
            "payment": None,
        }
        return key
