"""What is kept of a body while it passes."""

from dataclasses import dataclass, field

import h11


@dataclass(slots=True)
class BodyCopy:
    """What has passed of a body; nothing of one that turns out to be larger than ``most`` bytes."""

    most: int
    data: bytearray = field(default_factory=bytearray)
    is_too_large: bool = False

    def add(self, part: h11.Event) -> None:
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
