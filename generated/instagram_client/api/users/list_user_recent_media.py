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
    user_id: str,
    *,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["count"] = count

    params["min_id"] = min_id

    params["max_id"] = max_id

    params["min_timestamp"] = min_timestamp

    params["max_timestamp"] = max_timestamp

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/users/{user_id}/media/recent", user_id=user_id),
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
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaPageEnvelope]:
    """List the newest media of a user.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.
        max_id (str | Unset): Only media older than this id.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaPageEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        count=count,
        min_id=min_id,
        max_id=max_id,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> FlatError | MetaError | MediaPageEnvelope | None:
    """List the newest media of a user.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.
        max_id (str | Unset): Only media older than this id.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaPageEnvelope
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        count=count,
        min_id=min_id,
        max_id=max_id,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> Response[FlatError | MetaError | MediaPageEnvelope]:
    """List the newest media of a user.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.
        max_id (str | Unset): Only media older than this id.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | MediaPageEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        count=count,
        min_id=min_id,
        max_id=max_id,
        min_timestamp=min_timestamp,
        max_timestamp=max_timestamp,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    min_id: str | Unset = UNSET,
    max_id: str | Unset = UNSET,
    min_timestamp: int | Unset = UNSET,
    max_timestamp: int | Unset = UNSET,
) -> FlatError | MetaError | MediaPageEnvelope | None:
    """List the newest media of a user.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        min_id (str | Unset): Only media newer than this id.
        max_id (str | Unset): Only media older than this id.
        min_timestamp (int | Unset): Only media later than this time in UNIX seconds.
        max_timestamp (int | Unset): Only media earlier than this time in UNIX seconds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | MediaPageEnvelope
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            count=count,
            min_id=min_id,
            max_id=max_id,
            min_timestamp=min_timestamp,
            max_timestamp=max_timestamp,
        )
    ).parsed
