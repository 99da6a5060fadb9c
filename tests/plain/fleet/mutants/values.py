"""Mutants of responses' shape, of validation, and crashes."""

from plain import Mutant
from plain.fleet.requests import CAR, SEND, get

SCHEMAS = "#/components/schemas"
LIST, ITEM = "#/paths/~1vehicles", "#/paths/~1vehicles~1{vehicleId}"
DRIVERS = "#/paths/~1drivers/get"

SHAPE = {
    "problem-as-json": Mutant(
        "shape",
        "problems have the type application/json",
        "#/components/responses/NotFound/content",
        get("/vehicles/none"),
    ),
    "problem-status-wrong": Mutant(
        "shape",
        "the status in every problem is 500",
        f"{SCHEMAS}/Problem/properties/status: the status of the response; RFC 9457, 3.1.2",
        get("/vehicles/none"),
    ),
    "van-without-zone": Mutant(
        "shape",
        "createdAt of vans has no zone",
        f"{SCHEMAS}/Stored/properties/createdAt; RFC 3339, 5.6",
        get("/vehicles/veh_3"),
    ),
    "null-mileage": Mutant(
        "shape",
        "a mileage of 0 is null",
        f"{SCHEMAS}/VehicleData/properties/mileage: not nullable",
        get("/vehicles/veh_1"),
    ),
    "retired": Mutant(
        "shape",
        "inspected vehicles have the undocumented state retired",
        f"{SCHEMAS}/Stored/properties/state/enum",
        (
            SEND.post("/vehicles/veh_1/inspections", {"depth": "full"}),
            *get("/jobs/job_101", "/jobs/job_101", "/vehicles/veh_1"),
        ),
    ),
    "payload-as-text": Mutant(
        "shape",
        "in lists, payloads are strings",
        f"{SCHEMAS}/NewVan",
        get("/vehicles"),
    ),
    "listed-without-kind": Mutant(
        "shape",
        "the first vehicle of the list has no kind",
        f"{SCHEMAS}/VehicleData/required",
        get("/vehicles"),
    ),
    "total-missing": Mutant(
        "shape",
        "X-Total-Count is missing",
        f"{LIST}/get/responses/200/headers/X-Total-Count/required",
        get("/vehicles"),
    ),
    "report-missing": Mutant(
        "shape",
        "a job that is not done has no report",
        f"{SCHEMAS}/Job/required",
        (SEND.post("/vehicles/veh_1/inspections", {"depth": "full"}), *get("/jobs/job_101")),
    ),
    "replaced-201": Mutant(
        "shape",
        "PUT of a vehicle returns 201 for 200",
        f"{ITEM}/put/responses",
        (SEND.put("/vehicles/veh_1", CAR, if_match="*"),),
    ),
}

VALIDATION = {
    "plate-unanchored": Mutant(
        "validation",
        "a plate may have anything around what the pattern matches",
        f"{SCHEMAS}/VehicleData/properties/plate/pattern",
        (SEND.post("/vehicles", {**CAR, "plate": "x HB-1"}),),
    ),
    "mileage-negative": Mutant(
        "validation",
        "negative mileages are accepted",
        f"{SCHEMAS}/VehicleData/properties/mileage/minimum",
        (SEND.post("/vehicles", {**CAR, "mileage": -1}),),
    ),
    "seats-over": Mutant(
        "validation",
        "10 seats are accepted",
        f"{SCHEMAS}/NewCar: maximum of seats",
        (SEND.post("/vehicles", {**CAR, "seats": 10}),),
    ),
    "seats-under": Mutant(
        "validation",
        "9 seats are rejected",
        f"{SCHEMAS}/NewCar: maximum of seats",
        (SEND.post("/vehicles", {**CAR, "seats": 9}),),
    ),
    "payload-optional": Mutant(
        "validation",
        "a van without its payload is accepted",
        f"{SCHEMAS}/NewVan: required",
        (SEND.post("/vehicles", {**CAR, "kind": "van"}),),
    ),
    "depth-unchecked": Mutant(
        "validation",
        "any depth of an inspection is accepted",
        f"{ITEM}~1inspections/post/requestBody: enum of depth",
        (SEND.post("/vehicles/veh_1/inspections", {"depth": "deep"}),),
    ),
    "kind-unchecked": Mutant(
        "validation",
        "the filter kind accepts what is not a kind",
        f"{SCHEMAS}/Kind/enum",
        get("/vehicles?kind=bus"),
    ),
    "limit-over": Mutant(
        "validation",
        "a limit of 26 is accepted",
        f"{LIST}/get/parameters/0/schema/maximum",
        get("/vehicles?limit=26"),
    ),
    "key-unchecked": Mutant(
        "validation",
        "an Idempotency-Key may have any length",
        f"{LIST}/post/parameters/0/schema/minLength",
        (SEND.post("/vehicles", CAR, idempotency_key="short"),),
    ),
    "day-unchecked": Mutant(
        "validation",
        "licensedBefore accepts what is not a date",
        f"{DRIVERS}/parameters/3/schema/format",
        get("/drivers?licensedBefore=soon"),
    ),
}

CRASH = {
    "apostrophe-crashes": Mutant(
        "crash",
        "an apostrophe in a name crashes the server",
        f"{SCHEMAS}/VehicleData/properties/name: any string",
        (SEND.post("/vehicles", {**CAR, "name": "Ada's car"}),),
    ),
    "astral-crashes": Mutant(
        "crash",
        "an emoji in a name crashes the server",
        f"{SCHEMAS}/VehicleData/properties/name: any string",
        (SEND.post("/vehicles", {**CAR, "name": "🚗"}),),
    ),
    "highest-mileage-crashes": Mutant(
        "crash",
        "a mileage of 2000000 crashes the server",
        f"{SCHEMAS}/VehicleData/properties/mileage/maximum",
        (SEND.post("/vehicles", {**CAR, "mileage": 2_000_000}),),
    ),
    "highest-limit-crashes": Mutant(
        "crash",
        "a limit of 25 crashes the server",
        f"{LIST}/get/parameters/0/schema/maximum",
        get("/vehicles?limit=25"),
    ),
    "cursor-crashes": Mutant(
        "crash",
        "a cursor that is not from a link crashes the server",
        f"{LIST}/get/parameters/1: any string; RFC 9110, 15.6",
        get("/vehicles?cursor=abc"),
    ),
    "empty-patch-crashes": Mutant(
        "crash",
        "an empty patch crashes the server",
        f"{SCHEMAS}/VehiclePatch: nothing is required",
        (SEND.patch("/vehicles/veh_1", {}, content_type="application/merge-patch+json"),),
    ),
}
