from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.flat_error import FlatError
from ...models.meta_error import MetaError
from ...models.relationship_envelope import RelationshipEnvelope
from ...types import Response


def _get_kwargs(
    user_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/users/{user_id}/relationship", user_id=user_id),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FlatError | MetaError | RelationshipEnvelope | None:
    if response.status_code == 200:
        response_200 = RelationshipEnvelope.from_dict(response.json())

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
) -> Response[FlatError | MetaError | RelationshipEnvelope]:
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
) -> Response[FlatError | MetaError | RelationshipEnvelope]:
    """Get the relationship to another user.

    Args:
        user_id (str): The id of the other user.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | RelationshipEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    user_id: str,
    *,
    client: AuthenticatedClient,
) -> FlatError | MetaError | RelationshipEnvelope | None:
    """Get the relationship to another user.

    Args:
        user_id (str): The id of the other user.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | RelationshipEnvelope
    """

    return sync_detailed(
        user_id=user_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    user_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[FlatError | MetaError | RelationshipEnvelope]:
    """Get the relationship to another user.

    Args:
        user_id (str): The id of the other user.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FlatError | MetaError | RelationshipEnvelope]
    """

    kwargs = _get_kwargs(
        user_id=user_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    user_id: str,
    *,
    client: AuthenticatedClient,
) -> FlatError | MetaError | RelationshipEnvelope | None:
    """Get the relationship to another user.

    Args:
        user_id (str): The id of the other user.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FlatError | MetaError | RelationshipEnvelope
    """

    return (
        await asyncio_detailed(
            user_id=user_id,
            client=client,
        )
    ).parsed
