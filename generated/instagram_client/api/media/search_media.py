from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.flat_error import FlatError
from ...models.media_list_envelope import MediaListEnvelope
from ...models.meta_error import MetaError
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["lat"] = lat

    params["lng"] = lng

    params["min_timestamp"] = min_timestamp

    params["max_timestamp"] = max_timestamp

    params["distance"] = distance

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/media/search",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlatError | MetaError | MediaListEnvelope | None:
    if response.status_code == 200:
        response_200 = MediaListEnvelope.from_dict(response.json())

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
) -> Response[FlatError | MetaError | MediaListEnvelope]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaListEnvelope]:
    """Find media near a point.

     Without timestamps the last 5 days are searched; the span must not exceed 7 days. Each item carries
    its `distance` from the point.

    Args:
        lat (float): Latitude of the centre in degrees.
        lng (float): Longitude of the centre in degrees.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.
        distance (int | Unset): Radius in metres; 1000 when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaListEnvelope]
    """

    kwargs = _get_kwargs(
        lat=lat,
        lng=lng,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
        distance=distance,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> FlatError | MetaError | MediaListEnvelope | None:
    """Find media near a point.

     Without timestamps the last 5 days are searched; the span must not exceed 7 days. Each item carries
    its `distance` from the point.

    Args:
        lat (float): Latitude of the centre in degrees.
        lng (float): Longitude of the centre in degrees.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.
        distance (int | Unset): Radius in metres; 1000 when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaListEnvelope
    """

    return sync_detailed(
        client=client,
        lat=lat,
        lng=lng,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
        distance=distance,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaListEnvelope]:
    """Find media near a point.

     Without timestamps the last 5 days are searched; the span must not exceed 7 days. Each item carries
    its `distance` from the point.

    Args:
        lat (float): Latitude of the centre in degrees.
        lng (float): Longitude of the centre in degrees.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.
        distance (int | Unset): Radius in metres; 1000 when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaListEnvelope]
    """

    kwargs = _get_kwargs(
        lat=lat,
        lng=lng,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
        distance=distance,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    lat: float,
    lng: float,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
    distance: int | Unset = UNSET,
) -> FlatError | MetaError | MediaListEnvelope | None:
    """Find media near a point.

     Without timestamps the last 5 days are searched; the span must not exceed 7 days. Each item carries
    its `distance` from the point.

    Args:
        lat (float): Latitude of the centre in degrees.
        lng (float): Longitude of the centre in degrees.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.
        distance (int | Unset): Radius in metres; 1000 when absent.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaListEnvelope
    """

    return (
        await asyncio_detailed(
            client=client,
            lat=lat,
            lng=lng,
            min_timestamp=min_timestamp,
            max_timestamp=max_timestamp,
            distance=distance,
        )
    ).parsed
