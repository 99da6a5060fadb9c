"""The mutants of the fleet that concern what is sent and stored; `protocol` has the others."""

from plain import Mutant
from plain.fleet.protocol import ACCESS, HTTP
from plain.fleet.requests import CAR, NEW, SEND, get

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

STATE = {
    "vehicle-lost": Mutant(
        "state",
        "a new vehicle is not stored",
        f"{LIST}/post/responses/201: created",
        (SEND.post("/vehicles", CAR), *get(f"/vehicles/{NEW}")),
    ),
    "new-vehicles-unlisted": Mutant(
        "state",
        "a new vehicle is readable, but not listed",
        f"{LIST}/get: list vehicles",
        (SEND.post("/vehicles", CAR), *get("/vehicles?limit=25")),
    ),
    "put-forgets-plate": Mutant(
        "state",
        "PUT stores all members but the plate",
        f"{ITEM}/put: replace a vehicle",
        (SEND.put("/vehicles/veh_1", CAR, if_match="*"),),
    ),
    "put-forgets-seats": Mutant(
        "state",
        "PUT does not store what cars alone have",
        f"{ITEM}/put: replace a vehicle",
        (SEND.put("/vehicles/veh_1", {**CAR, "seats": 9}, if_match="*"),),
    ),
    "patch-resets-mileage": Mutant(
        "state",
        "PATCH without a mileage sets it to 0",
        f"{ITEM}/patch: the others stay",
        (SEND.patch("/vehicles/veh_2", {"name": "x"}, content_type="application/merge-patch+json"),),
    ),
    "patch-renames-all": Mutant(
        "state",
        "PATCH of a vehicle renames all vehicles",
        f"{ITEM}/patch: change some members of a vehicle",
        (
            SEND.patch("/vehicles/veh_2", {"name": "x"}, content_type="application/merge-patch+json"),
            *get("/vehicles/veh_1"),
        ),
    ),
    "read-behind": Mutant(
        "state",
        "GET shows a vehicle as it was before the last change",
        f"{ITEM}/get/responses/200: the vehicle",
        (SEND.put("/vehicles/veh_1", CAR, if_match="*"), *get("/vehicles/veh_1")),
    ),
    "stored-despite-412": Mutant(
        "state",
        "a PUT that is rejected with 412 is stored",
        "#/components/responses/PreconditionFailed; RFC 9110, 13.1.1",
        (SEND.put("/vehicles/veh_1", CAR, if_match='"other"'), *get("/vehicles/veh_1")),
    ),
    "vehicle-stays": Mutant(
        "state",
        "a deleted vehicle is still there",
        f"{ITEM}/delete/responses/204: deleted",
        (SEND.delete("/vehicles/veh_1"), *get("/vehicles/veh_1")),
    ),
    "deleted-again": Mutant(
        "state",
        "deleting a vehicle again returns 204",
        f"{ITEM}/delete/responses/404: there is no such thing",
        (SEND.delete("/vehicles/veh_1"), SEND.delete("/vehicles/veh_1")),
    ),
    "job-of-another": Mutant(
        "state",
        "the job of an inspection names another vehicle",
        f"{SCHEMAS}/Job/properties/vehicleId",
        (SEND.post("/vehicles/veh_2/inspections", {"depth": "full"}),),
    ),
}

PAGING = {
    "cursor-skips": Mutant(
        "paging",
        "the first vehicle of every later page is lost",
        f"{LIST}/get/parameters/1: where the page begins",
        get("/vehicles?cursor=YWZ0ZXI6MTA="),
    ),
    "cursor-repeats": Mutant(
        "paging",
        "the last vehicle of a page is the first of the next one, too",
        f"{LIST}/get/parameters/1: where the page begins",
        get("/vehicles?cursor=YWZ0ZXI6MTA="),
    ),
    "cursor-loops": Mutant(
        "paging",
        "the last page links to the first one as the next",
        f"{LIST}/get/responses/200: while there are more",
        get("/vehicles?cursor=YWZ0ZXI6MjA="),
    ),
    "limit-exceeded": Mutant(
        "paging",
        "pages have one vehicle more than limit, which the next page lacks",
        f"{LIST}/get/parameters/0: at most so many vehicles on a page",
        get("/vehicles?limit=2"),
    ),
    "total-of-page": Mutant(
        "paging",
        "X-Total-Count is that of the page",
        f"{LIST}/get/responses/200/headers/X-Total-Count: on all pages",
        get("/vehicles"),
    ),
    "kind-forgotten": Mutant(
        "paging",
        "the filter kind is ignored on later pages",
        f"{LIST}/get/parameters/2: only vehicles of this kind",
        get("/vehicles?kind=van&cursor=YWZ0ZXI6Mw=="),
    ),
    "next-without-kind": Mutant(
        "paging",
        "the link to the next page forgets the filter",
        f"{LIST}/get/responses/200; RFC 8288, 3.3",
        get("/vehicles?kind=van&limit=2"),
    ),
    "relation-wrong": Mutant(
        "paging",
        "the link to the next page has the relation prev",
        f"{LIST}/get/responses/200: Link has one with the relation next",
        get("/vehicles"),
    ),
    "offset-from-one": Mutant(
        "paging",
        "an offset leaves out one driver less than it says",
        f"{DRIVERS}/parameters/0: how many drivers are left out",
        get("/drivers?offset=5"),
    ),
    "drivers-without-end": Mutant(
        "paging",
        "the last page of drivers has a link to the next one",
        f"{DRIVERS}/responses/200: where there are such pages",
        get("/drivers?offset=15"),
    ),
    "last-beyond": Mutant(
        "paging",
        "the link to the last page of drivers leads beyond it",
        f"{DRIVERS}/responses/200: relation last",
        get("/drivers"),
    ),
    "drivers-ascending": Mutant(
        "paging",
        "drivers are sorted ascending in spite of a minus",
        f"{DRIVERS}/parameters/2: descending with a minus",
        get("/drivers?sort=-name"),
    ),
    "licensed-unsorted": Mutant(
        "paging",
        "sorting by licensedOn is ignored",
        f"{DRIVERS}/parameters/2: by which member drivers are sorted",
        get("/drivers?sort=licensedOn"),
    ),
    "day-inclusive": Mutant(
        "paging",
        "licensedBefore includes the day itself",
        f"{DRIVERS}/parameters/3: before this day",
        get("/drivers?licensedBefore=2004-02-15", "/drivers?licensedBefore=2005-02-15&limit=20"),
    ),
}

MUTANTS = SHAPE | VALIDATION | CRASH | STATE | PAGING | ACCESS | HTTP
