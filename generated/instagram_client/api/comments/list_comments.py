from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.comment_list_envelope import CommentListEnvelope
from ...models.flat_error import FlatError
from ...models.meta_error import MetaError
from ...types import Response


def _get_kwargs(
    media_id: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/media/{media_id}/comments", media_id=media_id),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CommentListEnvelope | FlatError | MetaError | None:
    if response.status_code == 200:
        response_200 = CommentListEnvelope.from_dict(response.json())

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
) -> Response[CommentListEnvelope | FlatError | MetaError]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[CommentListEnvelope | FlatError | MetaError]:
    """List the newest comments on a media object.

     There are no pages: the response has at most the newest 150 comments, oldest first.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommentListEnvelope | FlatError | MetaError]
    """

    kwargs = _get_kwargs(
        media_id=media_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> CommentListEnvelope | FlatError | MetaError | None:
    """List the newest comments on a media object.

     There are no pages: the response has at most the newest 150 comments, oldest first.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommentListEnvelope | FlatError | MetaError
    """

    return sync_detailed(
        media_id=media_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> Response[CommentListEnvelope | FlatError | MetaError]:
    """List the newest comments on a media object.

     There are no pages: the response has at most the newest 150 comments, oldest first.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommentListEnvelope | FlatError | MetaError]
    """

    kwargs = _get_kwargs(
        media_id=media_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
) -> CommentListEnvelope | FlatError | MetaError | None:
    """List the newest comments on a media object.

     There are no pages: the response has at most the newest 150 comments, oldest first.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommentListEnvelope | FlatError | MetaError
    """

    return (
        await asyncio_detailed(
            media_id=media_id,
            client=client,
        )
    ).parsed
