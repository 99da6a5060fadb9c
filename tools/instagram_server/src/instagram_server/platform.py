"""Shared by all parts of the server: the store, the settings, the time, new ids and secrets."""

import secrets

from instagram_server import ids, seed_data
from instagram_server.config import Settings, clock_of
from instagram_server.limits import Budget
from instagram_server.store import Store

_SHARD = 7


class Platform:
    """The shared state. New ids increase, also across restarts with a database file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.database)
        self.budget = Budget(settings)
        self._clock = settings.clock or clock_of(settings.era)
        self._last_id = 0

    def now(self) -> int:
        """UNIX seconds, never earlier than the newest object in the store."""
        return self._milliseconds() // 1000

    def microseconds(self) -> int:
        return self._milliseconds() * 1000

    def new_id(self) -> int:
        """A new id for a media object or a comment."""
        number = ids.make(self._milliseconds(), _SHARD, 0)
        self._last_id = max(number, self._last_id + 1)
        return self._last_id

    def resume(self) -> None:
        """Continue after the newest id in the store; call this once the store is filled."""
        newest = (
            "SELECT max(newest) FROM (SELECT max(id) AS newest FROM media UNION SELECT max(id) FROM comment)"
        )
        self._last_id = self.store.value(newest) or 0

    def redirect_uris(self, client: str) -> tuple[str, ...]:
        """The registered redirect URIs of an app, those of the settings first."""
        further = self.settings.redirect_uris if client == seed_data.DEMO_CLIENT.id else ()
        stored = self.store.value("SELECT redirect_uri FROM client WHERE id = ?", client)
        return tuple(dict.fromkeys([*further, stored]))

    def secret(self) -> str:
        """32 lower-case hex digits."""
        return secrets.token_hex(16)

    def new_token(self, user: int, client: str) -> str:
        return f"{user}.{client[:7]}.{self.secret()}"

    def _milliseconds(self) -> int:
        return max(int(self._clock() * 1000), ids.milliseconds(self._last_id) if self._last_id else 0)
