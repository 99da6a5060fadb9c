from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.flat_error import FlatError
from ...models.meta_error import MetaError
from ...models.user_page_envelope import UserPageEnvelope
from ...types import UNSET, Response, Unset


def _get_kwargs(
    user_id: str,
    *,
    count: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["count"] = count

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/users/{user_id}/follows", user_id=user_id),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlatError | MetaError | UserPageEnvelope | None:
    if response.status_code == 200:
        response_200 = UserPageEnvelope.from_dict(response.json())

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
) -> Response[FlatError | MetaError | UserPageEnvelope]:
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
    cursor: str | Unset = UNSET,
) -> Response[FlatError | MetaError | UserPageEnvelope]:
    """List the users whom a user follows.

     Apps created on or after 2015-11-17 may request `self` only.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        cursor (str | Unset): The next_cursor of the page before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | UserPageEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        count=count,
        cursor=cursor,
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
    cursor: str | Unset = UNSET,
) -> FlatError | MetaError | UserPageEnvelope | None:
    """List the users whom a user follows.

     Apps created on or after 2015-11-17 may request `self` only.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        cursor (str | Unset): The next_cursor of the page before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | UserPageEnvelope
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
        count=count,
        cursor=cursor,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> Response[FlatError | MetaError | UserPageEnvelope]:
    """List the users whom a user follows.

     Apps created on or after 2015-11-17 may request `self` only.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        cursor (str | Unset): The next_cursor of the page before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | UserPageEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
        count=count,
        cursor=cursor,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: AuthenticatedClient,
    count: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
) -> FlatError | MetaError | UserPageEnvelope | None:
    """List the users whom a user follows.

     Apps created on or after 2015-11-17 may request `self` only.

    Args:
        user_id (str): The id of a user, or `self` for the owner of the token.
        count (int | Unset): How many items a page has; 20 when absent. More than 33 is silently
            reduced.
        cursor (str | Unset): The next_cursor of the page before.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | UserPageEnvelope
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
            count=count,
            cursor=cursor,
        )
    ).parsed
