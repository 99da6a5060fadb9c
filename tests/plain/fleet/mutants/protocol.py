"""Mutants of access and of HTTP."""

from plain import Mutant
from plain.fleet.requests import ANONYMOUS, CAR, MERGE_PATCH, NEW, READER, SEND, WRITER, get
from plain.fleet.seed import TOKEN

LIST, ITEM = "#/paths/~1vehicles", "#/paths/~1vehicles~1{vehicleId}"

ACCESS = {
    "jobs-public": Mutant(
        "access",
        "jobs are readable without a token",
        "#/security",
        (ANONYMOUS.get("/jobs/job_1"),),
    ),
    "any-token-patches": Mutant(
        "access",
        "PATCH accepts any token",
        f"{ITEM}/patch/security; #/components/responses/Unauthorized: the token is unknown",
        (ANONYMOUS.patch("/vehicles/veh_1", {}, content_type=MERGE_PATCH, authorization="Bearer x"),),
    ),
    "scheme-ignored": Mutant(
        "access",
        "a token is accepted in any authentication scheme",
        "#/components/securitySchemes/oauth; RFC 6750, 2.1",
        (ANONYMOUS.get("/vehicles", authorization=f"Basic {TOKEN}"),),
    ),
    "forbidden-for-401": Mutant(
        "access",
        "drivers without a token are a 403",
        "#/components/responses/Unauthorized: the token is missing",
        (ANONYMOUS.get("/drivers"),),
    ),
    "unknown-token-crashes": Mutant(
        "access",
        "an unknown token is a 500",
        "#/components/responses/Unauthorized: the token is unknown",
        (ANONYMOUS.get("/vehicles", authorization="Bearer x"),),
    ),
    "deletes-by-read": Mutant(
        "access",
        "DELETE does not require fleet:write",
        f"{ITEM}/delete/security",
        (READER.delete("/vehicles/veh_1"),),
    ),
    "inspects-by-read": Mutant(
        "access",
        "inspections do not require fleet:write",
        f"{ITEM}~1inspections/post/security",
        (READER.post("/vehicles/veh_1/inspections", {"depth": "full"}),),
    ),
    "lists-by-write": Mutant(
        "access",
        "listing vehicles does not require fleet:read",
        "#/security",
        (WRITER.get("/vehicles"),),
    ),
    "challenge-missing": Mutant(
        "access",
        "a 401 has no WWW-Authenticate",
        "#/components/responses/Unauthorized/headers/WWW-Authenticate; RFC 9110, 15.5.2",
        (ANONYMOUS.get("/vehicles"),),
    ),
}

HTTP = {
    "head-not-allowed": Mutant(
        "http",
        "HEAD of a vehicle is a 405",
        f"{ITEM}/head; RFC 9110, 9.1",
        (SEND("HEAD", "/vehicles/veh_1"),),
    ),
    "head-without-tag": Mutant(
        "http",
        "HEAD of a vehicle lacks the ETag that GET has",
        f"{ITEM}/head/responses/200/headers/ETag; RFC 9110, 9.3.2",
        (SEND("HEAD", "/vehicles/veh_1"),),
    ),
    "options-missing": Mutant(
        "http",
        "OPTIONS of the vehicles is a 404",
        f"{LIST}/options/responses",
        (SEND("OPTIONS", "/vehicles"),),
    ),
    "allow-wrong": Mutant(
        "http",
        "OPTIONS of the vehicles allows GET alone",
        f"{LIST}/options/responses/204/headers/Allow: the methods",
        (SEND("OPTIONS", "/vehicles"),),
    ),
    "allow-missing": Mutant(
        "http",
        "a 405 has no Allow",
        "RFC 9110, 15.5.6",
        (SEND.post("/drivers", {}),),
    ),
    "missing-for-405": Mutant(
        "http",
        "a method that a resource does not allow is a 404",
        "RFC 9110, 9.1: SHOULD respond with 405",
        (SEND.post("/drivers", {}),),
    ),
    "post-on-vehicle": Mutant(
        "http",
        "POST on a vehicle returns it with 200",
        f"{ITEM}: no post; RFC 9110, 15.5.6",
        (SEND.post("/vehicles/veh_1", CAR),),
    ),
    "media-type-ignored": Mutant(
        "http",
        "bodies of any media type are accepted",
        "#/components/responses/UnsupportedMediaType",
        (SEND.post("/vehicles", CAR, content_type="text/plain"),),
    ),
    "accept-ignored": Mutant(
        "http",
        "JSON is sent to whom it is not acceptable",
        "#/components/responses/NotAcceptable",
        (SEND.get("/vehicles", accept="text/html"),),
    ),
    "text-json": Mutant(
        "http",
        "GET of a vehicle has the Content-Type text/json",
        f"{ITEM}/get/responses/200/content",
        get("/vehicles/veh_1"),
    ),
    "tag-constant": Mutant(
        "http",
        "all vehicles have the same ETag for ever",
        "RFC 9110, 8.8.1: a strong validator changes with the representation",
        get("/vehicles/veh_1", "/vehicles/veh_2"),
    ),
    "tag-unchanged": Mutant(
        "http",
        "the ETag stays when a vehicle changes",
        "RFC 9110, 8.8.1",
        (SEND.put("/vehicles/veh_1", CAR, if_match="*"),),
    ),
    "never-304": Mutant(
        "http",
        "If-None-Match is ignored",
        "#/components/parameters/ifNoneMatch: 304 if the vehicle still has it",
        (SEND.get("/vehicles/veh_1", if_none_match='"veh_1-1"'),),
    ),
    "put-without-if-match": Mutant(
        "http",
        "PUT does not compare If-Match",
        f"{ITEM}/put/parameters/0: 412 if it is another one",
        (SEND.put("/vehicles/veh_1", CAR, if_match='"other"'),),
    ),
    "patch-without-if-match": Mutant(
        "http",
        "PATCH does not compare If-Match",
        "#/components/parameters/ifMatch: 412 if it is another one",
        (SEND.patch("/vehicles/veh_1", {}, content_type=MERGE_PATCH, if_match='"other"'),),
    ),
    "delete-without-if-match": Mutant(
        "http",
        "DELETE does not compare If-Match",
        "#/components/parameters/ifMatch: 412 if it is another one",
        (SEND.delete("/vehicles/veh_1", if_match='"other"'),),
    ),
    "if-match-optional": Mutant(
        "http",
        "PUT without If-Match is accepted",
        f"{ITEM}/put/parameters/0: 428 without it; RFC 6585, 3",
        (SEND.put("/vehicles/veh_1", CAR),),
    ),
    "location-missing": Mutant(
        "http",
        "a 201 has no Location",
        f"{LIST}/post/responses/201/headers/Location",
        (SEND.post("/vehicles", CAR),),
    ),
    "location-of-another": Mutant(
        "http",
        "Location names the vehicle that was created before",
        f"{LIST}/post/responses/201/headers/Location: the path of the new vehicle",
        (SEND.post("/vehicles", CAR),),
    ),
    "location-without-prefix": Mutant(
        "http",
        "Location lacks the path of the API and leads nowhere",
        f"{LIST}/post/responses/201/headers/Location: the path of the new vehicle",
        (SEND.post("/vehicles", CAR),),
    ),
    "job-lost": Mutant(
        "http",
        "Location of an inspection leads to a 404",
        f"{ITEM}~1inspections/post/responses/202/headers/Location: the path of the job",
        (SEND.post("/vehicles/veh_1/inspections", {"depth": "full"}), *get("/jobs/job_101")),
    ),
    "job-without-end": Mutant(
        "http",
        "a job runs for ever",
        f"{ITEM}~1inspections/post: its job is done after a while",
        (
            SEND.post("/vehicles/veh_1/inspections", {"depth": "full"}),
            *get("/jobs/job_101", "/jobs/job_101"),
        ),
    ),
    "key-ignored": Mutant(
        "http",
        "a repeated Idempotency-Key creates another vehicle",
        f"{LIST}/post/parameters/0: creates nothing",
        (
            SEND.post("/vehicles", CAR, idempotency_key="key-0001"),
            SEND.post("/vehicles", CAR, idempotency_key="key-0001"),
        ),
    ),
    "other-body-ignored": Mutant(
        "http",
        "an Idempotency-Key with another body gets the first response",
        f"{LIST}/post/parameters/0: with another body it is rejected (409)",
        (
            SEND.post("/vehicles", CAR, idempotency_key="key-0001"),
            SEND.post("/vehicles", {**CAR, "name": NEW}, idempotency_key="key-0001"),
        ),
    ),
}
