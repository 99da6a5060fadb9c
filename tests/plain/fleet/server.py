"""The fleet. Wrong only by the mutants that it is given."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from plain.fields import InvalidError, read_query
from plain.fleet import seed
from plain.fleet.bodies import Bodies
from plain.fleet.headers import accepts, matches
from plain.fleet.lists import Lists
from plain.web import App, Handler, HttpError, Json, Request, Response, json_response, parse_json

PREFIX = "/v1"
Reader = Callable[[Json], tuple[dict[str, Json], dict[str, str]]]


def make(mutants: frozenset[str] = frozenset(), clock: Callable[[], datetime] | None = None) -> App:
    """A fleet of its own, as it is at the start."""
    fleet = _Fleet(mutants, clock or (lambda: datetime.now(UTC)))
    return App(PREFIX, fleet.routes(), fleet.error)


class _Fleet:
    def __init__(self, mutants: frozenset[str], clock: Callable[[], datetime]) -> None:
        self._mutants, self._clock = mutants, clock
        self._bodies, self._lists = Bodies(mutants), Lists(mutants)
        self._vehicles, self._jobs = seed.vehicles(), seed.jobs()
        self._before: seed.Table = {}
        self._first_responses: dict[str, tuple[bytes, Response]] = {}
        self._last = 100

    def _has(self, mutant: str) -> bool:
        return mutant in self._mutants

    def routes(self) -> dict[str, dict[str, Handler]]:
        read, write = (
            partial(partial, self._authorized, seed.READ),
            partial(partial, self._authorized, seed.WRITE),
        )
        item: dict[str, Handler] = {
            "GET": read(self.get_vehicle),
            "HEAD": read(self.head_vehicle),
            "PUT": write(self.replace_vehicle),
            "PATCH": write(self.patch_vehicle),
            "DELETE": write(self.delete_vehicle),
        }
        if self._has("post-on-vehicle"):
            item["POST"] = item["GET"]
        return {
            "/vehicles": {
                "GET": read(self.list_vehicles),
                "POST": write(self.create_vehicle),
                "OPTIONS": self.vehicle_options,
            },
            "/vehicles/{id}": item,
            "/vehicles/{id}/inspections": {"POST": write(self.inspect_vehicle)},
            "/jobs/{id}": {"GET": read(self.get_job)},
            "/drivers": {"GET": read(self.list_drivers)},
        }

    def error(self, error: HttpError) -> Response:
        status = error.status
        if status == 405 and self._has("missing-for-405"):
            status = 404
        body: dict[str, Json] = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": 500 if self._has("problem-status-wrong") else status,
            "detail": error.detail,
        }
        if error.errors:
            body["errors"] = [{"name": name, "reason": reason} for name, reason in error.errors.items()]
        headers = dict(error.headers)
        if status == 405 and self._has("allow-missing"):
            headers.clear()
        if status == 401 and not self._has("challenge-missing"):
            headers["www-authenticate"] = 'Bearer realm="fleet"'
        media_type = "application/json" if self._has("problem-as-json") else "application/problem+json"
        return json_response(status, body, headers, media_type)

    # What all operations do first.

    def _authorized(self, scope: str, handler: Handler, request: Request, *ids: str) -> Response:
        """Checks the token, its scope, and what the client accepts."""
        name = handler.__name__
        if not (name == "get_job" and self._has("jobs-public")):
            self._check_token(scope, name, request.headers.get("authorization", ""))
        is_judged = name != "delete_vehicle" and not self._has("accept-ignored")
        if is_judged and not accepts(request.headers.get("accept", ""), "application/json"):
            raise HttpError(406, "Only application/json can be sent.")
        return handler(request, *ids)

    def _check_token(self, scope: str, operation: str, field: str) -> None:
        scheme, _, token = field.partition(" ")
        scopes = seed.SCOPES.get(token.strip())
        if operation == "patch_vehicle" and token and self._has("any-token-patches"):
            return
        if scheme.lower() != "bearer" and not (scheme and self._has("scheme-ignored")):
            scopes = None
        if scopes is None:
            if operation == "list_drivers" and self._has("forbidden-for-401"):
                raise HttpError(403, "Forbidden.")
            if field and self._has("unknown-token-crashes"):
                raise RuntimeError("Not enough segments")
            raise HttpError(401, "The token is missing or unknown.")
        unchecked = {
            "delete_vehicle": self._has("deletes-by-read"),
            "inspect_vehicle": self._has("inspects-by-read"),
            "list_vehicles": self._has("lists-by-write"),
        }
        if scope not in scopes and not unchecked.get(operation):
            raise HttpError(403, f"The token lacks the scope {scope}.")

    def _vehicle(self, key: str) -> Json:
        if key not in self._vehicles:
            raise HttpError(404, "There is no such vehicle.")
        return self._vehicles[key]

    def _body(self, request: Request, read: Reader, media_type: str = "application/json") -> dict[str, Json]:
        """The values of a body. Raises HttpError with 415 or 400."""
        if request.media_type != media_type and not self._has("media-type-ignored"):
            raise HttpError(415, f"The body must be {media_type}.")
        try:
            values, errors = read(parse_json(request.body))
        except InvalidError as error:
            raise HttpError(400, str(error)) from None
        except ValueError:
            raise HttpError(400, "The body is not JSON.") from None
        if errors:
            raise HttpError(400, "The body is invalid.", errors)
        name = str(values.get("name", ""))
        if self._has("apostrophe-crashes") and "'" in name:
            raise RuntimeError('near "s": syntax error')
        if self._has("astral-crashes") and any(ord(character) > 0xFFFF for character in name):
            raise RuntimeError("Incorrect string value: '\\xF0\\x9F' for column 'name'")
        if self._has("highest-mileage-crashes") and values.get("mileage") == 2_000_000:
            raise RuntimeError("Out of range value for column 'mileage'")
        return values

    # Entity tags.

    def _tag(self, vehicle: Json) -> str:
        if self._has("tag-constant"):
            return '"1"'
        return f'"{vehicle["id"]}-{vehicle["version"]}"'

    def _check_if_match(self, request: Request, vehicle: Json, ignored: str) -> None:
        field = request.headers.get("if-match")
        if field is not None and not self._has(ignored) and not matches(field, self._tag(vehicle)):
            raise HttpError(412, "The vehicle has another entity tag.")

    def _with_tag(self, vehicle: Json, status: int = 200, **headers: str) -> Response:
        return json_response(status, self._shown(vehicle), {"etag": self._tag(vehicle), **headers})

    def _shown(self, vehicle: Json) -> Json:
        """As JSON shows it."""
        shown = {name: value for name, value in vehicle.items() if name != "version"}
        if self._has("van-without-zone") and shown["kind"] == "van":
            shown["createdAt"] = shown["createdAt"].rstrip("Z")
        if self._has("null-mileage") and shown["mileage"] == 0:
            shown["mileage"] = None
        if self._has("retired") and shown["state"] == "inspected":
            shown["state"] = "retired"
        return shown

    def _change(self, vehicle: Json, values: dict[str, Json]) -> None:
        if self._has("read-behind"):
            self._before[vehicle["id"]] = dict(vehicle)
        vehicle.update(values)
        if not self._has("tag-unchanged"):
            vehicle["version"] += 1

    # Operations.

    def list_vehicles(self, request: Request) -> Response:
        query, errors = read_query(self._bodies.vehicles(), request.query)
        if errors:
            raise HttpError(400, "The query is invalid.", errors)
        if self._has("highest-limit-crashes") and query["limit"] == 25:
            raise RuntimeError("limit exceeds the size of the buffer")
        rows = [self._shown(vehicle) for vehicle in self._vehicles.values()]
        if self._has("new-vehicles-unlisted"):
            rows = rows[:23]
        if self._has("payload-as-text"):
            rows = [{**row, **({"payload": str(row["payload"])} if "payload" in row else {})} for row in rows]
        if self._has("listed-without-kind") and not query["kind"]:
            rows[0] = {name: value for name, value in rows[0].items() if name != "kind"}
        return self._lists.vehicles(request, query, rows)

    def vehicle_options(self, request: Request) -> Response:
        if self._has("options-missing"):
            raise HttpError(404, "Not found.")
        return Response(
            204, headers={"allow": "GET, HEAD, OPTIONS, POST" if not self._has("allow-wrong") else "GET"}
        )

    def create_vehicle(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key")
        values = self._body(request, self._bodies.new_vehicle)
        if key is not None:
            self._check_key(key)
            if key in self._first_responses and not self._has("key-ignored"):
                body, response = self._first_responses[key]
                if body != request.body and not self._has("other-body-ignored"):
                    raise HttpError(409, "The key was used with another body.")
                return response
        self._last += 1
        number = f"veh_{self._last}"
        stored = {"id": number, "state": "available", "createdAt": self._now()}
        vehicle = {**values, **stored, "version": 1}
        location = f"{PREFIX}/vehicles/{number}"
        if self._has("location-of-another"):
            location = f"{PREFIX}/vehicles/{next(reversed(self._vehicles))}"
        if self._has("location-without-prefix"):
            location = f"/vehicles/{number}"
        if not self._has("vehicle-lost"):
            self._vehicles[number] = vehicle
        response = self._with_tag(vehicle, 201, location=location)
        if self._has("location-missing"):
            del response.headers["location"]
        if key is not None:
            self._first_responses[key] = request.body, response
        return response

    def _check_key(self, key: str) -> None:
        if not 8 <= len(key) <= 64 and not self._has("key-unchecked"):
            raise HttpError(400, "The key is invalid.", {"Idempotency-Key": "Not of 8 to 64 characters."})

    def _now(self) -> str:
        return self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def get_vehicle(self, request: Request, key: str) -> Response:
        vehicle = self._vehicle(key)
        field = request.headers.get("if-none-match")
        if field is not None and not self._has("never-304") and matches(field, self._tag(vehicle), weak=True):
            return Response(304, headers={"etag": self._tag(vehicle)})
        response = self._with_tag(self._before.get(key, vehicle))
        if self._has("text-json"):
            response.headers["content-type"] = "text/json"
        return response

    def head_vehicle(self, request: Request, key: str) -> Response:
        if self._has("head-not-allowed"):
            raise HttpError(
                405, "Method HEAD is not allowed.", headers={"allow": "DELETE, GET, OPTIONS, PATCH, PUT"}
            )
        response = self.get_vehicle(request, key)
        if self._has("head-without-tag"):
            del response.headers["etag"]
        return response

    def replace_vehicle(self, request: Request, key: str) -> Response:
        vehicle = self._vehicle(key)
        values = self._body(request, self._bodies.new_vehicle)
        if "if-match" not in request.headers and not self._has("if-match-optional"):
            raise HttpError(428, "If-Match is missing.")
        if self._has("stored-despite-412") and values["kind"] == vehicle["kind"]:
            vehicle.update(values)
        self._check_if_match(request, vehicle, "put-without-if-match")
        if values["kind"] != vehicle["kind"]:
            raise HttpError(409, "The vehicle is of another kind.")
        if self._has("put-forgets-plate"):
            del values["plate"]
        if self._has("put-forgets-seats"):
            values.pop("seats", None)
        self._change(vehicle, values)
        return self._with_tag(vehicle, 201 if self._has("replaced-201") else 200)

    def patch_vehicle(self, request: Request, key: str) -> Response:
        vehicle = self._vehicle(key)
        values = self._body(request, self._bodies.patch, "application/merge-patch+json")
        self._check_if_match(request, vehicle, "patch-without-if-match")
        if self._has("patch-resets-mileage"):
            values.setdefault("mileage", 0)
        self._change(vehicle, values)
        if self._has("patch-renames-all"):
            for other in self._vehicles.values():
                other["name"] = vehicle["name"]
        return self._with_tag(vehicle)

    def delete_vehicle(self, request: Request, key: str) -> Response:
        if key not in self._vehicles and self._has("deleted-again"):
            return Response(204)
        self._check_if_match(request, self._vehicle(key), "delete-without-if-match")
        if not self._has("vehicle-stays"):
            del self._vehicles[key]
        return Response(204)

    def inspect_vehicle(self, request: Request, key: str) -> Response:
        vehicle = self._vehicle(key)
        self._body(request, self._bodies.inspection)
        self._last += 1
        number = f"job_{self._last}"
        of = vehicle["id"]
        if self._has("job-of-another"):
            of = next(other for other in self._vehicles if other != of)
        job = {"id": number, "vehicleId": of, "state": "queued", "report": None}
        if not self._has("job-lost"):
            self._jobs[number] = job
        return json_response(202, job, {"location": f"{PREFIX}/jobs/{number}"})

    def get_job(self, request: Request, key: str) -> Response:
        """A job goes on whenever it is read, but not by HEAD, so that HEAD is as the GET before it."""
        if key not in self._jobs:
            raise HttpError(404, "There is no such job.")
        job = self._jobs[key]
        if request.method == "GET":
            self._advance(job)
        shown = dict(job)
        if self._has("report-missing") and job["state"] != "done":
            del shown["report"]
        return json_response(200, shown)

    def _advance(self, job: Json) -> None:
        if job["state"] == "queued":
            job["state"] = "running"
        elif job["state"] == "running" and not self._has("job-without-end"):
            job.update(state="done", report="No defects.")
            vehicle = self._vehicles.get(job["vehicleId"])
            if vehicle and vehicle["state"] != "inspected":
                self._change(vehicle, {"state": "inspected"})

    def list_drivers(self, request: Request) -> Response:
        query, errors = read_query(self._bodies.drivers(), request.query)
        if errors:
            raise HttpError(400, "The query is invalid.", errors)
        return self._lists.drivers(request, query, seed.drivers())
