from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.comment_envelope import CommentEnvelope
from ...models.comment_form import CommentForm
from ...models.flat_error import FlatError
from ...models.meta_error import MetaError
from ...types import Response


def _get_kwargs(
    media_id: str,
    *,
    body: CommentForm,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": _url_path("/media/{media_id}/comments", media_id=media_id),
    }

    _kwargs["data"] = body.to_dict()
    headers["Content-Type"] = "application/x-www-form-urlencoded"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CommentEnvelope | FlatError | MetaError | None:
    if response.status_code == 200:
        response_200 = CommentEnvelope.from_dict(response.json())

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
) -> Response[CommentEnvelope | FlatError | MetaError]:
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
    body: CommentForm,
) -> Response[CommentEnvelope | FlatError | MetaError]:
    """Comment on a media object.

     The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1 URL, and not
    all in
    capital letters. A text that violates one is rejected with 400, and nothing is stored.

    The fields travel in a form body, the token among them; the server also accepts them in the query
    string.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.
        body (CommentForm):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommentEnvelope | FlatError | MetaError]
    """

    kwargs = _get_kwargs(
        media_id=media_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: CommentForm,
) -> CommentEnvelope | FlatError | MetaError | None:
    """Comment on a media object.

     The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1 URL, and not
    all in
    capital letters. A text that violates one is rejected with 400, and nothing is stored.

    The fields travel in a form body, the token among them; the server also accepts them in the query
    string.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.
        body (CommentForm):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommentEnvelope | FlatError | MetaError
    """

    return sync_detailed(
        media_id=media_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: CommentForm,
) -> Response[CommentEnvelope | FlatError | MetaError]:
    """Comment on a media object.

     The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1 URL, and not
    all in
    capital letters. A text that violates one is rejected with 400, and nothing is stored.

    The fields travel in a form body, the token among them; the server also accepts them in the query
    string.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.
        body (CommentForm):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CommentEnvelope | FlatError | MetaError]
    """

    kwargs = _get_kwargs(
        media_id=media_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    media_id: str,
    *,
    client: AuthenticatedClient,
    body: CommentForm,
) -> CommentEnvelope | FlatError | MetaError | None:
    """Comment on a media object.

     The text must satisfy four rules: at most 300 characters, at most 4 hashtags, at most 1 URL, and not
    all in
    capital letters. A text that violates one is rejected with 400, and nothing is stored.

    The fields travel in a form body, the token among them; the server also accepts them in the query
    string.

    Args:
        media_id (str): The id of a media object: a number, an underscore, the id of its owner.
        body (CommentForm):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CommentEnvelope | FlatError | MetaError
    """

    return (
        await asyncio_detailed(
            media_id=media_id,
            client=client,
            body=body,
        )
    ).parsed
