"""The Port Quin Aquarium, of docs/walks/aquarium.md: opening hours, special events, tickets and animals."""

import json
from datetime import date, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx2

from support.paths import ROOT
from walks.wire import ProblemError, Reply, Server
from wirecheck.spec import load

DOCUMENT = ROOT / "examples" / "aquarium" / "openapi.yaml"
BASE_URL = "https://portquin-aquarium.example/api"
KEY = "quin-0123456789"
TODAY = date(2026, 8, 3)
PNG = b"\x89PNG\r\n\x1a\n"

ANIMALS: list[dict[str, Any]] = [
    {
        "name": "Nessa",
        "species": "Conger conger",
        "tank": 3,
        "class": "fish",
        "bornOn": None,
        "details": {"kind": "FishDetails", "water": "salt", "lengthInCm": 180},
    },
    {
        "name": "Pip",
        "species": "Spheniscus humboldti",
        "tank": 7,
        "class": "bird",
        "bornOn": "2021-04-09",
        "details": {"kind": "BirdDetails", "wingspanInCm": 55, "ring": "blue"},
    },
    {"name": "Octavia", "species": "Eledone cirrhosa", "tank": 4, "class": "invertebrate"},
]


def identifier(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


class Aquarium:
    """The state of the server."""

    def __init__(self) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.posters: dict[str, bytes] = {}
        for number in range(45):
            day = TODAY + timedelta(days=number)
            self._add({"name": f"Feeding {number + 1}", "dates": [day.isoformat()], "price": 5})
        self.server = Server(
            load(DOCUMENT),
            "/api",
            {
                "GET /opening-hours": self.hours,
                "GET /special-events": self.list,
                "POST /special-events": self.create,
                "GET /special-events/{}": self.retrieve,
                "PATCH /special-events/{}": self.update,
                "DELETE /special-events/{}": self.delete,
                "PUT /special-events/{}/poster": self.upload,
                "GET /special-events/{}/poster": self.download,
                "POST /tickets": self.buy,
                "GET /tickets/{}/qr": self.code,
                "GET /animals": self.search,
            },
        )

    def hours(self, request: httpx2.Request) -> Reply:
        query = request.url.params
        first = date.fromisoformat(query.get("startDate", TODAY.isoformat()))
        days = [first + timedelta(days=number) for number in range(int(query.get("days", 7)))]
        closes = {5: "20:00", 6: "20:00"}  # on weekends
        return Reply(
            200,
            [
                {"date": day.isoformat(), "opens": "09:00", "closes": closes.get(day.weekday(), "18:00")}
                for day in days
            ],
        )

    def list(self, request: httpx2.Request) -> Reply:
        query = request.url.params
        first, last = query.get("startDate", ""), query.get("endDate", "9999")
        events = [each for each in self.events.values() if any(first <= day <= last for day in each["dates"])]
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 20))
        return Reply(200, {"total": len(events), "events": events[offset : offset + limit]})

    def create(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        return Reply(201, self._add(json.loads(request.content)))

    def retrieve(self, request: httpx2.Request, key: str) -> Reply:
        return Reply(200, self._event(key))

    def update(self, request: httpx2.Request, key: str) -> Reply:
        self._identify(request)
        event = self._event(key)
        event.update(json.loads(request.content))
        return Reply(200, event)

    def delete(self, request: httpx2.Request, key: str) -> Reply:
        self._identify(request)
        del self.events[self._event(key)["id"]]
        return Reply(204)

    def upload(self, request: httpx2.Request, key: str) -> Reply:
        self._identify(request)
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + request.content)
        parts = {
            str(part.get_param("name", header="content-disposition")): part for part in form.iter_parts()
        }
        contents: dict[str, Any] = {name: part.get_payload(decode=True) for name, part in parts.items()}
        self.posters[self._event(key)["id"]] = contents["image"]
        stored = {"filename": parts["image"].get_filename(), "size": len(contents["image"])}
        if "caption" in contents:
            stored["caption"] = contents["caption"].decode()
        return Reply(200, stored)

    def download(self, request: httpx2.Request, key: str) -> Reply:
        if (poster := self.posters.get(self._event(key)["id"])) is None:
            raise ProblemError(404, type="about:blank", title="There is no poster")
        return Reply(200, poster, "image/png")

    def buy(self, request: httpx2.Request) -> Reply:
        self._identify(request)
        order = json.loads(request.content)
        event = self._event(order["eventId"]) if "eventId" in order else None
        if event and order["ticketDate"] not in event["dates"]:
            wrong = [{"loc": ["body", "ticketDate"], "msg": "the event does not take place on this day"}]
            raise ProblemError(400, type="about:blank", title="Invalid order", errors=wrong)
        ticket = {
            "ticketId": identifier(json.dumps(order)),
            "ticketType": order["ticketType"],
            "ticketDate": order["ticketDate"],
            "quantity": order.get("quantity", 1),
            "confirmationCode": "ticket-event-a98c8f-7eb12",
            "message": "See you at the shark tank.",
        }
        return Reply(201, ticket | ({"eventName": event["name"]} if event else {}))

    def code(self, request: httpx2.Request, key: str) -> Reply:
        self._identify(request)
        return Reply(200, PNG + key.encode(), "image/png")

    def search(self, request: httpx2.Request) -> Reply:
        query = request.url.params
        tanks = {int(number) for number in query["tank"].split(",")} if "tank" in query else range(10)
        text = query.get("q", "").lower()
        return Reply(
            200, [each for each in ANIMALS if each["tank"] in tanks and text in each["name"].lower()]
        )

    def _identify(self, request: httpx2.Request) -> None:
        if request.headers.get("X-Api-Key") != KEY:
            raise ProblemError(401, type="about:blank", title="The API key is missing or wrong")

    def _event(self, key: str) -> dict[str, Any]:
        if key not in self.events:
            raise ProblemError(404, type="about:blank", title="There is no such event")
        return self.events[key]

    def _add(self, event: dict[str, Any]) -> dict[str, Any]:
        key = identifier(f"event {len(self.events)}")
        self.events[key] = {"id": key, **event, "createdAt": "2026-07-01T12:00:00Z"}
        return self.events[key]
