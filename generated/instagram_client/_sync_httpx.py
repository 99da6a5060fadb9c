"""Clients and transports of httpx as those of httpx2, for the synchronous client."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import httpx2

from ._runtime import httpx_bridge as bridge
from ._runtime.bounds import accepting, bounded, without_unusable_cookies
from ._runtime.credentials import Vault


class _Stream(httpx2.SyncByteStream):
    """The body of a response of httpx."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._stream:
                yield part
        except Exception as error:
            failure = bridge.error_of_httpx2(error)
        else:
            return
        raise failure

    def close(self) -> None:
        self._stream.close()


class HttpxTransport(httpx2.BaseTransport):
    """A transport of httpx."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = self._inner.handle_request(bridge.request_of_httpx(request))
        except Exception as error:
            failure = bridge.error_of_httpx2(error)
        else:
            return bridge.response_of_httpx2(response, _Stream(response.stream))
        raise failure

    def close(self) -> None:
        self._inner.close()


class _Guarded:
    """A transport of httpx that puts the credentials into a copy of each request."""

    def __init__(self, inner: Any, vault: Vault) -> None:
        self._inner = inner
        self._vault = vault

    def handle_request(self, request: Any) -> Any:
        try:
            response = self._inner.handle_request(
                bridge.request_of_httpx(
                    accepting(self._vault.authenticate(bridge.request_of_httpx2(request)))
                )
            )
            return without_unusable_cookies(response)
        except Exception as error:
            failure = bridge.error_of_httpx2(error)
        if isinstance(failure, httpx2.TransportError):
            failure = self._vault.redacted_error(failure)
        raise failure


class HttpxClient(httpx2.Client):
    """A client of httpx: its settings apply to each request, and it sends them."""

    def __init__(self, client: Any, vault: Vault) -> None:
        super().__init__(
            headers=client.headers.raw,
            params=client.params.multi_items(),
            cookies=client.cookies.jar,
            timeout=bridge.timeout_of_httpx2(client.timeout),
            transport=HttpxTransport(client._transport),
            trust_env=False,
        )
        self._client = copy.copy(client)
        self._client._transport = _Guarded(client._transport, vault)
        self._client._mounts = {
            pattern: transport and _Guarded(transport, vault)
            for pattern, transport in client._mounts.items()
        }

    def send(
        self,
        request: httpx2.Request,
        *,
        stream: bool = False,
        auth: Any = None,
        follow_redirects: Any = False,
    ) -> httpx2.Response:
        """Send a request with the client of httpx."""
        try:
            sent = self._client.send(
                bridge.request_of_httpx(request), stream=True, follow_redirects=follow_redirects
            )
        except Exception as error:
            failure = bridge.error_of_httpx2(error)
        else:
            response = bounded(bridge.response_of_httpx2(sent, _Stream(sent.stream)))
            response.request = request
            if not stream:
                response.read()
            return response
        raise failure
