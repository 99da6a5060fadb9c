"""One request of a client: it goes to the upstream, and the response comes back."""

import asyncio

import h11

from wirecheck.live import headers
from wirecheck.live.copied import ExchangeCopy
from wirecheck.live.monitor import Mode
from wirecheck.live.problem import problem
from wirecheck.live.service import (
    CutOffError,
    FailureKind,
    OfClient,
    OfUpstream,
    ProxyService,
    UnansweredError,
)
from wirecheck.live.target import host_for, target_for
from wirecheck.live.tunnel import tunnel
from wirecheck.live.wire import Peer
from wirecheck.model import Exchange, Finding, Side

_SAFE = frozenset({b"GET", b"HEAD", b"OPTIONS", b"TRACE"})
_MOST_HINTS = 100  # informational responses before a response
_ENDLESS = (b"text/event-stream", b"multipart/x-mixed-replace")
"""Media types of responses that may never end, so that there is no waiting for that."""
_HTTP_BY_ANOTHER_NAME = (b"h2c", b"http/", b"tls/")

BodyPart = h11.Data | h11.EndOfMessage
"""A part of a body, or its end."""


class Forwarding:
    """The way of a request to the upstream, and of the response back to the client.

    Raises UnansweredError for a request that has no upstream.
    """

    def __init__(self, service: ProxyService, client: Peer, request: h11.Request) -> None:
        self._service, self._client, self._request = service, client, request
        self._is_enforced = service.mode is Mode.ENFORCE
        self._head = headers.Head(request)
        self._host = host_for(service.upstream, request, preserve=service.preserve_host)
        self._target = target_for(service.upstream, request, client.transport.get_extra_info("sockname"))
        has_length = self._head.values.get(b"content-length", b"0") != b"0"
        self._has_body = has_length or self._head.is_chunked
        self._ready: list[h11.Event] = []
        self._has_chunks = False
        self._copy = ExchangeCopy(
            self._head, service.upstream.scheme, self._host, self._target, service.max_body
        )
        self._upload: asyncio.Task[None] | None = None
        self._fault_of_client: UnansweredError | None = None

    async def run(self) -> None:
        """Raises UnansweredError while there can be another response, else CutOffError or ConnectionError."""
        if self._is_enforced:
            await self._require_valid_request()
        else:
            self._read_ready()
        service = self._service
        is_repeatable = self._request.method in _SAFE and not self._has_body
        if peer := service.upstream.kept(is_repeatable=is_repeatable):
            try:
                return await self._exchange(peer)
            except UnansweredError as error:
                if error.kind is not FailureKind.NO_RESPONSE or not is_repeatable:
                    raise
        return await self._exchange(await service.connected())

    async def _exchange(self, peer: Peer) -> None:
        """Sends the request and passes the response on; the connection is kept where it can be."""
        self._client.when_lost = peer.abort
        is_complete = False
        try:
            with OfUpstream(peer):
                await self._send_request(peer)
            await self._respond(peer)
            is_complete = self._upload is None or self._upload.done()
        except (UnansweredError, CutOffError) as error:
            if self._client.is_lost:
                raise ConnectionResetError from None
            if self._fault_of_client is None:
                raise
            if isinstance(error, CutOffError):
                raise CutOffError(FailureKind.BROKEN_REQUEST) from None
            raise self._fault_of_client from None
        finally:
            self._client.when_lost = None
            if self._upload is not None:
                self._upload.cancel()
            if is_complete:
                self._service.upstream.keep(peer)
            else:
                peer.abort()

    # The request.

    def _read_ready(self) -> None:
        """Reads what has arrived of the body."""
        with OfClient():
            while not self._copy.sent.is_whole and isinstance(part := self._client.received(), BodyPart):
                self._add_ready(part)

    def _add_ready(self, part: h11.Event) -> None:
        self._ready.append(part)
        self._copy.sent.add(part)

    async def _require_valid_request(self) -> None:
        """Reads the body, and judges the request; without its body where that is too large."""
        if self._head.tokens(b"expect") == {b"100-continue"}:
            await self._client.send(h11.InformationalResponse(status_code=100, headers=[]))
        while not self._copy.sent.is_whole and not self._copy.sent.is_too_large:
            with OfClient():
                part = await self._client.receive()
            if not isinstance(part, BodyPart):
                raise ConnectionResetError
            self._add_ready(part)
        exchange = self._copy.exchange()
        if not await self._service.inspection.is_decodable(exchange):
            raise self._withheld(415, "The content coding of the request cannot be undone")
        if findings := await self._service.inspection.request(exchange):
            self._service.on_withheld(findings)
            status, document = problem(Side.REQUEST, findings)
            raise self._withheld(status, body=document)

    def _withheld(self, status: int, title: str = "", body: bytes = b"") -> UnansweredError:
        self._service.tally.withheld += 1
        return UnansweredError(status, title, body=body)

    async def _send_request(self, peer: Peer) -> None:
        """Sends the head, and what there is of the body; the rest follows in a task."""
        client = str(self._client.transport.get_extra_info("peername")[0]).encode()
        own = headers.to_upstream(self._head, self._host, client, self._upgrade)
        if self._is_enforced:
            own = headers.judgeable(own)
        head = h11.Request(method=self._request.method, target=self._target, headers=own)
        await peer.send(head, *self._ready)
        if not self._copy.sent.is_whole:
            self._upload = asyncio.create_task(self._send_rest(peer))

    @property
    def _upgrade(self) -> bytes:
        """The protocol that the client asks for; none that would hide HTTP from `enforce`."""
        if b"upgrade" not in self._head.tokens(b"connection"):
            return b""
        protocol = self._head.values.get(b"upgrade", b"")
        is_http = protocol.lower().startswith(_HTTP_BY_ANOTHER_NAME)
        return b"" if self._is_enforced and is_http else protocol

    async def _send_rest(self, peer: Peer) -> None:
        """Sends the rest of the body as it comes; what goes wrong shows in the response."""
        try:
            while not self._copy.sent.is_whole:
                with OfClient():
                    part = await self._client.receive()
                if not isinstance(part, BodyPart):
                    break
                self._copy.sent.add(part)
                try:
                    await peer.send(part)
                except (ConnectionError, TimeoutError, h11.LocalProtocolError):
                    return  # the upstream may have responded already
            else:
                return
        except UnansweredError as error:
            self._fault_of_client = error
        except ConnectionError:
            pass  # the client left
        peer.abort()

    # The response.

    async def _respond(self, peer: Peer) -> None:
        """Passes the response on, once it has been judged where that is to be."""
        response = await self._response(peer)
        if response is None:
            return
        mode, parts, more = self._service.mode, list[h11.Event](), headers.RawHeaders()
        if mode is not Mode.REPORT:
            parts = await self._buffered(peer, response)
        is_judged = self._is_enforced or (mode is Mode.WARN and not self._copy.received.is_too_large)
        if is_judged:
            findings = await self._judge(response)
            if mode is Mode.WARN:
                more = [(headers.VIOLATIONS, str(len(findings)).encode())]
        await self._pass_on(peer, _passed_on(response, more), parts)
        if not is_judged:
            exchange = self._copy.exchange(response)
            await self._service.inspection.beside(exchange, too_large=self._copy.too_large)
            self._log(exchange, None)

    async def _response(self, peer: Peer) -> headers.Head[h11.Response] | None:
        """The head of the response; None once the connection has been another protocol, up to its end."""
        for _ in range(_MOST_HINTS):
            event = await self._received_head(peer)
            is_current = (self._client.http.their_http_version or b"") >= b"1.1"
            if isinstance(event, h11.Response):
                response = headers.Head(event)
                self._has_chunks = is_current and response.is_chunked
                return response
            if not isinstance(event, h11.InformationalResponse):
                raise UnansweredError(502, kind=FailureKind.NOT_HTTP)
            if event.status_code == 101:
                await self._switch(peer, event)
                return None
            if is_current:
                await self._client.send(
                    h11.InformationalResponse(
                        status_code=event.status_code,
                        headers=headers.Head(event).passed_on(),
                        reason=event.reason,
                    )
                )

        raise UnansweredError(502, kind=FailureKind.NOT_HTTP)

    async def _received_head(self, peer: Peer) -> object:
        """The next event; the time of the upstream begins when it has the whole request."""
        while True:
            with OfUpstream(peer):
                try:
                    return await peer.receive()
                except TimeoutError:
                    if self._upload is None or self._upload.done():
                        raise

    async def _switch(self, peer: Peer, response: h11.InformationalResponse) -> None:
        """Passes bytes on from now on, which are not judged."""
        head = headers.Head(response)
        protocol = head.values.get(b"upgrade", self._upgrade)
        own = [*head.passed_on(), (b"Connection", b"Upgrade"), (b"Upgrade", protocol)]
        await self._client.send(
            h11.InformationalResponse(status_code=101, headers=own, reason=response.reason)
        )
        self._service.tally.tunnels += 1
        early = self._client.http.trailing_data[0]
        await tunnel(self._client, peer, to_client=peer.http.trailing_data[0], to_upstream=early)

    async def _buffered(self, peer: Peer, response: headers.Head[h11.Response]) -> list[h11.Event]:
        """The parts of a body that is not too large, else those that came until it was."""
        parts: list[h11.Event] = []
        if response.values.get(b"content-type", b"").lower().startswith(_ENDLESS):
            self._copy.received.drop()
        while not self._copy.received.is_too_large and not (
            parts and isinstance(parts[-1], h11.EndOfMessage)
        ):
            with OfUpstream(peer):
                parts.append(self._part(await peer.receive()))
        return parts

    async def _judge(self, response: headers.Head[h11.Response]) -> list[Finding]:
        """The violations of an exchange; a response that has some is not passed on by `enforce`."""
        exchange = self._copy.exchange(response)
        findings = await self._service.inspection.verdict(exchange, too_large=self._copy.too_large)
        self._log(exchange, len(findings))
        if self._is_enforced:
            if not await self._service.inspection.is_decodable(exchange):
                raise self._withheld(502, "The content coding of the response cannot be undone")
            if broken := [each for each in findings if each.side is Side.RESPONSE]:
                status, document = problem(Side.RESPONSE, broken)
                raise self._withheld(status, body=document)
        return findings

    async def _pass_on(self, peer: Peer, head: h11.Response, parts: list[h11.Event]) -> None:
        """Sends the head, the parts that were read, and the rest as it comes."""
        events = [head, *parts]
        is_started = False
        try:
            while not isinstance(events[-1], h11.EndOfMessage):
                with OfUpstream(peer):
                    if is_started:
                        events = [self._part(await peer.receive())]
                    while not isinstance(events[-1], h11.EndOfMessage) and (event := peer.received()):
                        events.append(self._part(event))
                if not isinstance(events[-1], h11.EndOfMessage):
                    is_started = True
                    await self._client.send(*events)
        except UnansweredError as error:
            if is_started and error.kind is not None:
                raise CutOffError(error.kind) from None
            raise
        await self._client.send(*events)

    def _part(self, event: object) -> h11.Event:
        """A part of the response as the client gets it: trailers only where its framing has them."""
        if isinstance(event, h11.Data):
            self._copy.received.add(event)
            return event
        if not isinstance(event, h11.EndOfMessage):
            raise UnansweredError(502, kind=FailureKind.NOT_HTTP)
        return event if self._has_chunks or not event.headers else h11.EndOfMessage()

    def _log(self, exchange: Exchange, violations: int | None) -> None:
        if self._service.on_exchange is not None:
            self._service.on_exchange(exchange, violations)


def _passed_on(response: headers.Head[h11.Response], more: headers.RawHeaders) -> h11.Response:
    """The beginning of a response as the client gets it, with ``more`` headers."""
    received = response.message
    if not more and response.is_end_to_end and received.http_version == b"1.1":
        return received  # nothing in it has to be validated once more
    own = response.passed_on(*(name.lower() for name, _ in more))
    return h11.Response(status_code=received.status_code, headers=own + more, reason=received.reason)
