"""The state, in SQLite: in memory, or in a file that survives a kill."""

import sqlite3
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE user (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL,
    bio TEXT NOT NULL, website TEXT NOT NULL, profile_picture TEXT NOT NULL,
    is_private INTEGER NOT NULL, is_age_gated INTEGER NOT NULL, is_business INTEGER NOT NULL);
CREATE TABLE closed_account (id INTEGER PRIMARY KEY);
CREATE TABLE location (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
    facebook_places_id TEXT, foursquare_id TEXT, foursquare_v2_id TEXT);
-- type: image, video or carousel; height is that of the rendition 640 pixels wide;
-- carousel is a JSON list of the types of its items; a place has coordinates, and a location or none.
CREATE TABLE media (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, type TEXT NOT NULL, created INTEGER NOT NULL,
    caption TEXT, filter TEXT NOT NULL, height INTEGER NOT NULL, carousel TEXT,
    location INTEGER, latitude REAL, longitude REAL);
CREATE INDEX media_of_owner ON media (owner, id);
CREATE INDEX media_of_location ON media (location, id);
CREATE INDEX media_by_place ON media (latitude, longitude) WHERE latitude IS NOT NULL;
CREATE TABLE person (  -- users in a photo, at fractions of its width and height
    media INTEGER NOT NULL, user INTEGER NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
    PRIMARY KEY (media, user)) WITHOUT ROWID;
-- tagged: when the tag was attached, in microseconds, once for each tag;
-- comment: the one that attached it, NULL for the caption.
CREATE TABLE tagging (
    tag TEXT NOT NULL, tagged INTEGER NOT NULL, media INTEGER NOT NULL, comment INTEGER,
    PRIMARY KEY (tag, tagged), UNIQUE (media, tag)) WITHOUT ROWID;
CREATE TABLE banned_tag (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE comment (
    id INTEGER PRIMARY KEY, media INTEGER NOT NULL, author INTEGER NOT NULL,
    created INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX comment_of_media ON comment (media, id);
CREATE TABLE liking (
    id INTEGER PRIMARY KEY AUTOINCREMENT, media INTEGER NOT NULL, user INTEGER NOT NULL,
    UNIQUE (media, user));
CREATE INDEX liking_of_user ON liking (user, id);
CREATE TABLE following (  -- status: follows or requested
    id INTEGER PRIMARY KEY AUTOINCREMENT, source INTEGER NOT NULL, target INTEGER NOT NULL,
    status TEXT NOT NULL, UNIQUE (source, target));
CREATE INDEX following_of_target ON following (target, status, id);
CREATE INDEX following_of_source ON following (source, status, id);
CREATE TABLE block (
    source INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
-- signed: requests must be signed; implicit: the implicit flow is allowed; legacy: made before
-- 2015-11-17; sandbox: only the users of sandbox_user exist for it.
CREATE TABLE client (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, redirect_uri TEXT NOT NULL,
    signed INTEGER NOT NULL, implicit INTEGER NOT NULL, approved INTEGER NOT NULL,
    sandbox INTEGER NOT NULL, legacy INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE sandbox_user (
    client TEXT NOT NULL, user INTEGER NOT NULL, PRIMARY KEY (client, user)) WITHOUT ROWID;
CREATE TABLE token (  -- scopes: separated by spaces
    token TEXT PRIMARY KEY, client TEXT NOT NULL, user INTEGER NOT NULL, scopes TEXT NOT NULL,
    revoked INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE code (
    code TEXT PRIMARY KEY, client TEXT NOT NULL, user INTEGER NOT NULL, scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL, used INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE subscription (  -- the object_id of a geography is its geo-id
    id INTEGER PRIMARY KEY AUTOINCREMENT, client TEXT NOT NULL, object TEXT NOT NULL, object_id TEXT,
    aspect TEXT NOT NULL, callback_url TEXT NOT NULL, latitude REAL, longitude REAL, radius INTEGER);
"""
_VERSION = zlib.crc32(SCHEMA.encode()) >> 1  # identifies the databases of this server


class Store:
    """One connection, used from one thread: whatever happens between two awaits is atomic.

    A file belongs to one Store at a time. Raises sqlite3.Error for a file that is in use, read-only,
    or not a database of this server; such a file is left unchanged.
    """

    def __init__(self, database: Path | None = None) -> None:
        # Collecting garbage may close it in another thread; all else happens in one.
        self._connection = sqlite3.connect(
            database or ":memory:", timeout=1, isolation_level=None, check_same_thread=False
        )
        self._close = weakref.finalize(self, self._connection.close)
        self._connection.row_factory = sqlite3.Row
        try:
            self._open()
        except sqlite3.Error:
            self.close()
            raise

    def _open(self) -> None:
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if not self.is_new and self.value("PRAGMA user_version") != _VERSION:
            raise sqlite3.DatabaseError("not a database of this version of instagram-server")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA cache_size = -65536")
        with self.transaction():  # fails if the file is read-only
            pass

    @property
    def is_new(self) -> bool:
        return bool(self.value("SELECT count(*) FROM sqlite_master") == 0)

    def create(self) -> None:
        """Create the tables; call this within a transaction."""
        for statement in SCHEMA.split(";\n"):
            if statement.strip():
                self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all statements within, or none of them."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row; None if there is no row."""
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *values: Any) -> int:
        """Execute a statement; return the number of changed rows."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        """Insert complete rows into one of the tables above."""
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def close(self) -> None:
        self._close()
