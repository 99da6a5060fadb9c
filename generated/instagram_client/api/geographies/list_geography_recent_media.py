from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.flat_error import FlatError
from ...models.media_page_envelope import MediaPageEnvelope
from ...models.meta_error import MetaError
from ...types import UNSET, Response, Unset


def _get_kwargs(
    geo_id: str,
    *,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["count"] = count

    params["min_id"] = min_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/geographies/{geo_id}/media/recent", geo_id=geo_id),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlatError | MetaError | MediaPageEnvelope | None:
    if response.status_code == 200:
        response_200 = MediaPageEnvelope.from_dict(response.json())

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
) -> Response[FlatError | MetaError | MediaPageEnvelope]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    geo_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaPageEnvelope]:
    """List recent media from a geography subscription of your own.

     The id is the `object_id` of a subscription with `object=geography`, and only the app that created
    it can read it. Withdrawn on 2015-11-17 for new apps.

    Args:
        geo_id (str): The object_id of a geography subscription.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaPageEnvelope]
    """

    kwargs = _get_kwargs(
        geo_id=geo_id,
        count=count,
        min_id=min_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    geo_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
) -> FlatError | MetaError | MediaPageEnvelope | None:
    """List recent media from a geography subscription of your own.

     The id is the `object_id` of a subscription with `object=geography`, and only the app that created
    it can read it. Withdrawn on 2015-11-17 for new apps.

    Args:
        geo_id (str): The object_id of a geography subscription.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaPageEnvelope
    """

    return sync_detailed(
        geo_id=geo_id,
        client=client,
        count=count,
        min_id=min_id,
    ).parsed


async def asyncio_detailed(
    geo_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaPageEnvelope]:
    """List recent media from a geography subscription of your own.

     The id is the `object_id` of a subscription with `object=geography`, and only the app that created
    it can read it. Withdrawn on 2015-11-17 for new apps.

    Args:
        geo_id (str): The object_id of a geography subscription.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaPageEnvelope]
    """

    kwargs = _get_kwargs(
        geo_id=geo_id,
        count=count,
        min_id=min_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    geo_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
) -> FlatError | MetaError | MediaPageEnvelope | None:
    """List recent media from a geography subscription of your own.

     The id is the `object_id` of a subscription with `object=geography`, and only the app that created
    it can read it. Withdrawn on 2015-11-17 for new apps.

    Args:
        geo_id (str): The object_id of a geography subscription.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaPageEnvelope
    """

    return (
        await asyncio_detailed(
            geo_id=geo_id,
            client=client,
            count=count,
            min_id=min_id,
        )
    ).parsed
