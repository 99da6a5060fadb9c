"""What is in the fleet at the start, and who may use it."""

from plain.web import Json

READ, WRITE = "fleet:read", "fleet:write"
TOKEN, READ_ONLY, WRITE_ONLY = "fleet-token-all", "fleet-token-read", "fleet-token-write"
SCOPES = {TOKEN: {READ, WRITE}, READ_ONLY: {READ}, WRITE_ONLY: {WRITE}}

Table = dict[str, Json]
"""Rows by id, in the order in which they were added."""


def vehicles() -> Table:
    table: Table = {}
    for number in range(1, 24):
        key = f"veh_{number}"
        common = {
            "name": f"Vehicle {number}",
            "plate": f"HB-{number * 37 % 9999}",
            "mileage": number * 1500 - 1500,
        }
        of_kind: dict[str, Json] = {"kind": "car", "seats": number % 9 + 1}
        if number % 3 == 0:
            of_kind = {"kind": "van", "payload": 100 * number, "refrigerated": number % 2 == 0}
        stored = {"id": key, "state": "available", "createdAt": f"2024-04-{number:02}T07:15:00Z"}
        table[key] = {**of_kind, **common, **stored, "version": 1}
    return table


def drivers() -> list[Json]:
    """Some share a name or a day."""
    names = ["Ada Quist", "Bruno Sand", "Çelik Arda", "Dana Roth", "Eli Berg", "Fay Lund", "Ada Quist"]
    return [
        {
            "id": number,
            "name": names[number * 4 % 7],
            "licensedOn": f"{2001 + number * 5 % 7}-0{number % 3 + 1}-15",
        }
        for number in range(1, 18)
    ]


def jobs() -> Table:
    return {"job_1": {"id": "job_1", "vehicleId": "veh_2", "state": "done", "report": "No defects."}}
