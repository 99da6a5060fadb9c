"""What is kept of an exchange while it passes, to be judged and recorded."""

from dataclasses import dataclass, field
from time import perf_counter

import h11

from wirecheck.live.headers import Head, recorded
from wirecheck.model import Exchange


@dataclass(slots=True)
class BodyCopy:
    """What has passed of a body; nothing of one that turns out to be larger than ``most`` bytes.

    ``is_whole`` once its end has passed.
    """

    most: int
    data: bytearray = field(default_factory=bytearray)
    is_whole: bool = False
    is_too_large: bool = False

    def add(self, part: h11.Event) -> None:
        if isinstance(part, h11.EndOfMessage):
            self.is_whole = True
        if not isinstance(part, h11.Data) or self.is_too_large:
            return
        if len(self.data) + len(part.data) > self.most:
            self.drop()
        else:
            self.data += part.data

    def drop(self) -> None:
        self.data, self.is_too_large = bytearray(), True

    @property
    def value(self) -> bytes | None:
        return None if self.is_too_large else bytes(self.data)


class ExchangeCopy:
    """A request as the upstream gets it, and the bodies of both messages: those ``sent`` and ``received``."""

    def __init__(
        self, request: Head[h11.Request], scheme: str, host: bytes, target: bytes, max_body: int
    ) -> None:
        self.sent, self.received = BodyCopy(max_body), BodyCopy(max_body)
        self._request, self._host = request, host
        self._url = f"{scheme}://{host.decode()}{target.decode()}"
        self._began = perf_counter()

    @property
    def too_large(self) -> int:
        """How many of the two bodies are not judged because of their size."""
        return self.sent.is_too_large + self.received.is_too_large

    def exchange(self, response: Head[h11.Response] | None = None) -> Exchange:
        """The exchange as it is judged and recorded; without a response, that of a request alone."""
        others = [(name, value) for name, value in self._request.lowered if name != b"host"]
        return Exchange(
            source="proxy",
            entry=0,
            method=self._request.message.method.decode(),
            url=self._url,
            status=response.message.status_code if response else 0,
            request_headers=recorded([(b"host", self._host), *others]),
            request_body=self.sent.value if self.sent.is_whole else None,
            response_headers=recorded(response.lowered) if response else (),
            response_body=self.received.value if response else None,
            elapsed=perf_counter() - self._began if response else None,
        )
