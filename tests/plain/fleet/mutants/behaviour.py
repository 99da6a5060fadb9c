"""Mutants of state and of lists."""

from plain import Mutant
from plain.fleet.requests import CAR, NEW, SEND, get

SCHEMAS = "#/components/schemas"
LIST, ITEM = "#/paths/~1vehicles", "#/paths/~1vehicles~1{vehicleId}"
DRIVERS = "#/paths/~1drivers/get"

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
