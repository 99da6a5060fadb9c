from http import HTTPStatus
from typing import Any, cast

import httpx2 as httpx

from ... import errors
from ..._runtime.paths import url_path as _url_path
from ...client import AuthenticatedClient, Client
from ...models.redirect_to_media_size import (
    RedirectToMediaSize,
)
from ...types import UNSET, Response, Unset


def _get_kwargs(
    shortcode: str,
    *,
    size: RedirectToMediaSize | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_size: str | Unset = UNSET
    if not isinstance(size, Unset):
        json_size = size

    params["size"] = json_size

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": _url_path("/p/{shortcode}/media/", shortcode=shortcode),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | str | None:
    if response.status_code == 302:
        response_302 = cast(Any, None)
        return response_302

    if response.status_code == 404:
        response_404 = response.text
        return response_404

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    shortcode: str,
    *,
    client: AuthenticatedClient | Client,
    size: RedirectToMediaSize | Unset = UNSET,
) -> Response[Any | str]:
    """Redirect to the image of a post (addition).

     Public posts only.

    Args:
        shortcode (str): The code in the link of a media object: its id in base 64.
        size (RedirectToMediaSize | Unset): t: thumbnail, 150 pixels wide; m (when absent): 320;
            l: 640.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | str]
    """

    kwargs = _get_kwargs(
        shortcode=shortcode,
        size=size,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    shortcode: str,
    *,
    client: AuthenticatedClient | Client,
    size: RedirectToMediaSize | Unset = UNSET,
) -> Any | str | None:
    """Redirect to the image of a post (addition).

     Public posts only.

    Args:
        shortcode (str): The code in the link of a media object: its id in base 64.
        size (RedirectToMediaSize | Unset): t: thumbnail, 150 pixels wide; m (when absent): 320;
            l: 640.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | str
    """

    return sync_detailed(
        shortcode=shortcode,
        client=client,
        size=size,
    ).parsed


async def asyncio_detailed(
    shortcode: str,
    *,
    client: AuthenticatedClient | Client,
    size: RedirectToMediaSize | Unset = UNSET,
) -> Response[Any | str]:
    """Redirect to the image of a post (addition).

     Public posts only.

    Args:
        shortcode (str): The code in the link of a media object: its id in base 64.
        size (RedirectToMediaSize | Unset): t: thumbnail, 150 pixels wide; m (when absent): 320;
            l: 640.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | str]
    """

    kwargs = _get_kwargs(
        shortcode=shortcode,
        size=size,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    shortcode: str,
    *,
    client: AuthenticatedClient | Client,
    size: RedirectToMediaSize | Unset = UNSET,
) -> Any | str | None:
    """Redirect to the image of a post (addition).

     Public posts only.

    Args:
        shortcode (str): The code in the link of a media object: its id in base 64.
        size (RedirectToMediaSize | Unset): t: thumbnail, 150 pixels wide; m (when absent): 320;
            l: 640.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | str
    """

    return (
        await asyncio_detailed(
            shortcode=shortcode,
            client=client,
            size=size,
        )
    ).parsed
