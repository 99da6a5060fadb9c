"""Requests to the fleet."""

from plain.fleet.seed import READ_ONLY, TOKEN, WRITE_ONLY
from plain.probes import Sender
from plain.web import Request

SEND = Sender("/v1", {"authorization": f"Bearer {TOKEN}"})
READER = Sender("/v1", {"authorization": f"Bearer {READ_ONLY}"})
WRITER = Sender("/v1", {"authorization": f"Bearer {WRITE_ONLY}"})
ANONYMOUS = Sender("/v1")

CAR = {"kind": "car", "name": "Car", "plate": "HB-9", "mileage": 7, "seats": 5}
VAN = {"kind": "van", "name": "Van", "plate": "HB-8", "mileage": 8, "payload": 900}
NEW = "veh_101"
"""The id of the first vehicle that is created."""
MERGE_PATCH = "application/merge-patch+json"


def get(*targets: str) -> tuple[Request, ...]:
    return tuple(SEND.get(target) for target in targets)


WALK = (
    *get("/vehicles", "/vehicles?limit=25", "/vehicles?kind=van&limit=1", "/vehicles?cursor=YWZ0ZXI6MjA="),
    *get(
        "/vehicles?limit=0", "/vehicles?cursor=%FF", "/vehicles?kind=bus", "/vehicles/veh_3", "/vehicles/%00"
    ),
    *get(
        "/drivers", "/drivers?offset=15&sort=-licensedOn", "/drivers?offset=99&limit=20", "/drivers?limit=21"
    ),
    *get(
        "/drivers?licensedBefore=2004-02-15", "/drivers?licensedBefore=2004-02-30", "/jobs/job_1", "/jobs/x"
    ),
    ANONYMOUS("OPTIONS", "/vehicles"),
    SEND.post(
        "/vehicles", {**CAR, "name": "\0 שלום e\u0301 🚗" + "x" * 38, "mileage": 2_000_000, "seats": 9}
    ),
    SEND.post("/vehicles", {**VAN, "payload": 3500}, idempotency_key="key-0001"),
    SEND.post("/vehicles", {**VAN, "payload": 3500}, idempotency_key="key-0001"),
    SEND.post("/vehicles", VAN, idempotency_key="key-0001"),
    SEND.post("/vehicles", VAN, idempotency_key="short"),
    SEND.post("/vehicles", {**CAR, "kind": "van"}),
    SEND.post("/vehicles", b"[" * 100_000, content_type="application/json"),
    SEND.post("/vehicles", b"{}", content_type="text/plain"),
    SEND.post("/vehicles", CAR, accept="text/html"),
    SEND.get("/vehicles/veh_1", accept="text/html, application/*;q=0"),
    SEND.get("/vehicles/veh_1", accept="text/html, */*;q=0.1"),
    SEND.get("/vehicles/veh_1", if_none_match='W/"x", W/"veh_1-1"'),
    SEND("HEAD", "/vehicles/veh_1"),
    SEND("HEAD", "/vehicles/veh_1", if_none_match='"veh_1-1"'),
    SEND.put("/vehicles/veh_1", CAR, if_match='"veh_1-1"'),
    SEND.put("/vehicles/veh_1", CAR, if_match='"veh_1-1"'),
    SEND.put("/vehicles/veh_1", CAR, if_match='W/"veh_1-2"'),
    SEND.put("/vehicles/veh_1", CAR),
    SEND.put("/vehicles/veh_1", VAN, if_match="*"),
    SEND.patch("/vehicles/veh_1", {"mileage": 0}, content_type=MERGE_PATCH, if_match='"veh_1-2"'),
    SEND.patch("/vehicles/veh_1", {}, content_type=MERGE_PATCH),
    SEND.patch("/vehicles/veh_1", {}, content_type=MERGE_PATCH, if_match='"x"'),
    SEND.patch("/vehicles/veh_1", {"name": None}, content_type=MERGE_PATCH),
    SEND.patch("/vehicles/veh_1", {}),
    SEND.post("/vehicles/veh_1/inspections", {"depth": "quick"}),
    SEND.post("/vehicles/veh_1/inspections", {}),
    *get("/jobs/job_103", "/jobs/job_103", "/vehicles/veh_1"),
    SEND.delete("/vehicles/veh_2", if_match='"x"'),
    SEND.delete("/vehicles/veh_2"),
    SEND.delete("/vehicles/veh_2"),
    READER.delete("/vehicles/veh_3"),
    WRITER.get("/vehicles/veh_3"),
    ANONYMOUS.get("/vehicles"),
    ANONYMOUS.get("/vehicles", authorization="Basic eDp5"),
)
"""Requests through all operations."""
