from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.flat_error import FlatError
from ...models.location_list_envelope import LocationListEnvelope
from ...models.meta_error import MetaError
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["lat"] = lat

    params["lng"] = lng

    params["distance"] = distance

    params["facebook_places_id"] = facebook_places_id

    params["foursquare_v2_id"] = foursquare_v2_id

    params["foursquare_id"] = foursquare_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/locations/search",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlatError | MetaError | LocationListEnvelope | None:
    if response.status_code == 200:
        response_200 = LocationListEnvelope.from_dict(response.json())

        return response_200

    if response.status_code == 400:

        def _parse_response_400(data: object) -> FlatError | MetaError:
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_400_type_0 = MetaError.from_dict(data)

                return response_400_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_400_type_1 = FlatError.from_dict(data)

                return response_400_type_1
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        response_400 = _parse_response_400(response.json())

        return response_400

    if response.status_code == 403:

        def _parse_response_403(data: object) -> FlatError | MetaError:
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_403_type_0 = MetaError.from_dict(data)

                return response_403_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_403_type_1 = FlatError.from_dict(data)

                return response_403_type_1
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        response_403 = _parse_response_403(response.json())

        return response_403

    if response.status_code == 429:

        def _parse_response_429(data: object) -> FlatError | MetaError:
            reason: Exception = TypeError("a value has none of the expected types")
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_429_type_0 = MetaError.from_dict(data)

                return response_429_type_0
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            try:
                if not isinstance(data, dict):
                    raise TypeError(str(reason))
                response_429_type_1 = FlatError.from_dict(data)

                return response_429_type_1
            except (TypeError, ValueError, AttributeError, KeyError) as error:
                reason = error
            raise reason

        response_429 = _parse_response_429(response.json())

        return response_429

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[FlatError | MetaError | LocationListEnvelope]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> Response[FlatError | MetaError | LocationListEnvelope]:
    """Find locations near a point, or by an id of another service.

     One of these must be given: `lat` together with `lng`, `facebook_places_id`, `foursquare_v2_id`, or
    the deprecated `foursquare_id`. At most 20 locations come back.

    Args:
        lat (float | Unset): Latitude of the centre in degrees. Requires lng.
        lng (float | Unset): Longitude of the centre in degrees. Requires lat.
        distance (int | Unset): Radius in metres; 1000 when absent.
        facebook_places_id (str | Unset): The id of a Facebook place.
        foursquare_v2_id (str | Unset): The id of a Foursquare venue (their v2).
        foursquare_id (str | Unset): The id of a Foursquare venue (their v1). Use
            foursquare_v2_id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | LocationListEnvelope]
    """

    kwargs = _get_kwargs(
        lat=lat,
        lng=lng,
        distance=distance,
        facebook_places_id=facebook_places_id,
        foursquare_v2_id=foursquare_v2_id,
        foursquare_id=foursquare_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> FlatError | MetaError | LocationListEnvelope | None:
    """Find locations near a point, or by an id of another service.

     One of these must be given: `lat` together with `lng`, `facebook_places_id`, `foursquare_v2_id`, or
    the deprecated `foursquare_id`. At most 20 locations come back.

    Args:
        lat (float | Unset): Latitude of the centre in degrees. Requires lng.
        lng (float | Unset): Longitude of the centre in degrees. Requires lat.
        distance (int | Unset): Radius in metres; 1000 when absent.
        facebook_places_id (str | Unset): The id of a Facebook place.
        foursquare_v2_id (str | Unset): The id of a Foursquare venue (their v2).
        foursquare_id (str | Unset): The id of a Foursquare venue (their v1). Use
            foursquare_v2_id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | LocationListEnvelope
    """

    return sync_detailed(
        client=client,
        lat=lat,
        lng=lng,
        distance=distance,
        facebook_places_id=facebook_places_id,
        foursquare_v2_id=foursquare_v2_id,
        foursquare_id=foursquare_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> Response[FlatError | MetaError | LocationListEnvelope]:
    """Find locations near a point, or by an id of another service.

     One of these must be given: `lat` together with `lng`, `facebook_places_id`, `foursquare_v2_id`, or
    the deprecated `foursquare_id`. At most 20 locations come back.

    Args:
        lat (float | Unset): Latitude of the centre in degrees. Requires lng.
        lng (float | Unset): Longitude of the centre in degrees. Requires lat.
        distance (int | Unset): Radius in metres; 1000 when absent.
        facebook_places_id (str | Unset): The id of a Facebook place.
        foursquare_v2_id (str | Unset): The id of a Foursquare venue (their v2).
        foursquare_id (str | Unset): The id of a Foursquare venue (their v1). Use
            foursquare_v2_id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | LocationListEnvelope]
    """

    kwargs = _get_kwargs(
        lat=lat,
        lng=lng,
        distance=distance,
        facebook_places_id=facebook_places_id,
        foursquare_v2_id=foursquare_v2_id,
        foursquare_id=foursquare_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    lat: float | Unset = UNSET,
    lng: float | Unset = UNSET,
    distance: int | Unset = UNSET,
    facebook_places_id: str | Unset = UNSET,
    foursquare_v2_id: str | Unset = UNSET,
    foursquare_id: str | Unset = UNSET,
) -> FlatError | MetaError | LocationListEnvelope | None:
    """Find locations near a point, or by an id of another service.

     One of these must be given: `lat` together with `lng`, `facebook_places_id`, `foursquare_v2_id`, or
    the deprecated `foursquare_id`. At most 20 locations come back.

    Args:
        lat (float | Unset): Latitude of the centre in degrees. Requires lng.
        lng (float | Unset): Longitude of the centre in degrees. Requires lat.
        distance (int | Unset): Radius in metres; 1000 when absent.
        facebook_places_id (str | Unset): The id of a Facebook place.
        foursquare_v2_id (str | Unset): The id of a Foursquare venue (their v2).
        foursquare_id (str | Unset): The id of a Foursquare venue (their v1). Use
            foursquare_v2_id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | LocationListEnvelope
    """

    return (
        await asyncio_detailed(
            client=client,
            lat=lat,
            lng=lng,
            distance=distance,
            facebook_places_id=facebook_places_id,
            foursquare_v2_id=foursquare_v2_id,
            foursquare_id=foursquare_id,
        )
    ).parsed
