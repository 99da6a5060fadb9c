from http import HTTPStatus
from typing import Any

import httpx2 as httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.embed import Embed
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    url_query: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["url"] = url_query

    params["maxwidth"] = maxwidth

    params["hidecaption"] = hidecaption

    params["omitscript"] = omitscript

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/oembed",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Embed | str | None:
    if response.status_code == 200:
        response_200 = Embed.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = response.text
        return response_400

    if response.status_code == 404:
        response_404 = response.text
        return response_404

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Embed | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    url_query: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> Response[Embed | str]:
    """Get what is needed to embed a post (addition).

     Public posts only. The body of an error is a text, not JSON.

    Args:
        url_query (str): The link of the post.
        maxwidth (int | Unset): Largest width in pixels.
        hidecaption (bool | Unset): Leave out the caption.
        omitscript (bool | Unset): Leave out the script element.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Embed | str]
    """

    kwargs = _get_kwargs(
        url_query=url_query,
        maxwidth=maxwidth,
        hidecaption=hidecaption,
        omitscript=omitscript,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    url_query: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> Embed | str | None:
    """Get what is needed to embed a post (addition).

     Public posts only. The body of an error is a text, not JSON.

    Args:
        url_query (str): The link of the post.
        maxwidth (int | Unset): Largest width in pixels.
        hidecaption (bool | Unset): Leave out the caption.
        omitscript (bool | Unset): Leave out the script element.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Embed | str
    """

    return sync_detailed(
        client=client,
        url_query=url_query,
        maxwidth=maxwidth,
        hidecaption=hidecaption,
        omitscript=omitscript,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    url_query: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> Response[Embed | str]:
    """Get what is needed to embed a post (addition).

     Public posts only. The body of an error is a text, not JSON.

    Args:
        url_query (str): The link of the post.
        maxwidth (int | Unset): Largest width in pixels.
        hidecaption (bool | Unset): Leave out the caption.
        omitscript (bool | Unset): Leave out the script element.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Embed | str]
    """

    kwargs = _get_kwargs(
        url_query=url_query,
        maxwidth=maxwidth,
        hidecaption=hidecaption,
        omitscript=omitscript,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    url_query: str,
    maxwidth: int | Unset = UNSET,
    hidecaption: bool | Unset = UNSET,
    omitscript: bool | Unset = UNSET,
) -> Embed | str | None:
    """Get what is needed to embed a post (addition).

     Public posts only. The body of an error is a text, not JSON.

    Args:
        url_query (str): The link of the post.
        maxwidth (int | Unset): Largest width in pixels.
        hidecaption (bool | Unset): Leave out the caption.
        omitscript (bool | Unset): Leave out the script element.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Embed | str
    """

    return (
        await asyncio_detailed(
            client=client,
            url_query=url_query,
            maxwidth=maxwidth,
            hidecaption=hidecaption,
            omitscript=omitscript,
        )
    ).parsed
