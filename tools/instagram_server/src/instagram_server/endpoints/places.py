"""Locations, and media by place. Distances are metres on a sphere."""

import math
from typing import Any

from instagram_server import access, errors, ids, render
from instagram_server.call import Call, Page
from instagram_server.endpoints.media import newest_first, search_window

_EARTH = 6_371_000.0
_DEFAULT_DISTANCE, _LARGEST_DISTANCE = 1000, 5000
_LOCATIONS, _MEDIA = 20, 100
_OTHER_IDS = ("facebook_places_id", "foursquare_v2_id", "foursquare_id")


def distance(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The great-circle distance in metres between two points, whose coordinates are in degrees."""
    start, end = math.radians(latitude), math.radians(to_latitude)
    turn = math.radians(to_longitude - longitude)
    half = math.sin((end - start) / 2) ** 2 + math.cos(start) * math.cos(end) * math.sin(turn / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(half, 1.0)))


def search_locations(call: Call) -> list[dict[str, Any]]:
    store = call.platform.store
    radius = _radius(call)
    latitude, longitude = call.degrees("lat", 90), call.degrees("lng", 180)
    other = {name: call.text(name, longest=32) for name in _OTHER_IDS if name in call.parameters}
    if latitude is not None and longitude is not None:
        rows = {row["id"]: row for row in store.rows("SELECT * FROM location")}
        distances = (
            (distance(latitude, longitude, row["latitude"], row["longitude"]), number)
            for number, row in rows.items()
        )
        near = sorted((metres, number) for metres, number in distances if metres <= radius)
        return [render.location(rows[number]) for _, number in near[:_LOCATIONS]]
    for name, value in other.items():
        return [render.location(row) for row in store.rows(f"SELECT * FROM location WHERE {name} = ?", value)]
    if latitude is not None or longitude is not None:
        raise errors.parameter("lat and lng must be given together.")
    raise errors.parameter("Missing lat and lng, facebook_places_id or foursquare_v2_id URL parameter.")


def get_location(call: Call) -> dict[str, Any]:
    number = ids.number(call.values["location_id"])
    sql = "SELECT * FROM location WHERE id = ?"
    row = None if number is None else call.platform.store.row(sql, number)
    if row is None:
        raise errors.unknown("location id")
    return render.location(row)


def list_location_recent_media(call: Call) -> Page:
    number = int(get_location(call)["id"])
    return newest_first(call, "m.location = ?", [number], by_place_or_tag=True)


def list_geography_recent_media(call: Call) -> Page:
    sql = "SELECT * FROM subscription WHERE object = 'geography' AND object_id = ? AND client = ?"
    row = call.platform.store.row(sql, call.values["geo_id"], call.token.client["id"])
    if row is None:
        raise errors.unknown("geography id")
    centre = (row["latitude"], row["longitude"])
    near = [str(number) for number in _media_near(call, *centre, row["radius"])]
    return newest_first(call, f"m.id IN ({', '.join(near)})", [], times=False)


def search_media(call: Call) -> list[dict[str, Any]]:
    latitude, longitude = call.degrees("lat", 90), call.degrees("lng", 180)
    if latitude is None or longitude is None:
        raise errors.parameter("Missing lat or lng URL parameter.")
    after, before = search_window(call)
    near = _media_near(call, latitude, longitude, _radius(call))
    visible, values = access.visible(call)
    sql = f"""SELECT m.* FROM media AS m JOIN user AS u ON u.id = m.owner
        WHERE m.id IN ({", ".join(map(str, near))}) AND m.created > ? AND m.created < ? AND {visible}
        ORDER BY m.id DESC LIMIT ?"""
    rows = call.platform.store.rows(sql, after, before, *values, _MEDIA)
    media = render.media(call, rows, likes_data=False, by_place_or_tag=True)
    return [item | {"distance": near[row["id"]]} for item, row in zip(media, rows, strict=True)]


def _radius(call: Call) -> int:
    radius = call.integer("distance", most=_LARGEST_DISTANCE)
    return _DEFAULT_DISTANCE if radius is None else radius


def _media_near(call: Call, latitude: float, longitude: float, radius: int) -> dict[int, float]:
    """The distances in metres of all media within a radius, by id."""
    # An index on the latitude leaves a strip to measure.
    reach = math.degrees(radius / _EARTH) + 1e-6
    sql = "SELECT id, latitude, longitude FROM media WHERE latitude BETWEEN ? AND ?"
    rows = call.platform.store.rows(sql, latitude - reach, latitude + reach)
    distances = {row["id"]: distance(latitude, longitude, row["latitude"], row["longitude"]) for row in rows}
    return {number: metres for number, metres in distances.items() if metres <= radius}
