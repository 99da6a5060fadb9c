"""The command `instagram-server`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instagram_server.config import (
    LIVE_LIMIT,
    LIVE_WRITE_LIMIT,
    SANDBOX_LIMIT,
    SANDBOX_WRITE_LIMIT,
    Era,
    Settings,
)

if TYPE_CHECKING:
    from socket import socket

_PATIENCE = 2  # seconds that requests under way get to end

_ABOUT = """A reference server for the Instagram REST API v1, as it behaved from late 2015 to mid 2020.
It starts with a seeded seed_data, the same every time; `instagram-server tokens` prints the tokens to it."""


def main() -> None:
    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # before there was anything to end


def run(arguments: Sequence[str]) -> int:
    """Runs the command and gives its exit code: 2 for what cannot be used."""
    options = _parser().parse_args(arguments)
    if options.command == "tokens":
        from instagram_server import seed_data

        sys.stdout.write(json.dumps(seed_data.tokens(), indent=2) + "\n")
        return 0
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="instagram-server",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Try it: instagram-server --port 8080 & curl http://127.0.0.1:8080/v1/users/self?access_token=...",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind [default: %(default)s]")
    parser.add_argument(
        "--port", type=_port, default=8080, help="port to bind, 0 for any [default: %(default)s]"
    )
    parser.add_argument(
        "--database", type=Path, metavar="FILE", help="keep the state in FILE [default: in memory]"
    )
    parser.add_argument(
        "--era",
        choices=[era.value for era in Era],
        default=Era.NOVEMBER_2015.value,
        metavar="|".join(Era),
        help="the state of the API as of that month: what was retired answers so [default: %(default)s]",
    )
    parser.add_argument(
        "--rate-limit",
        type=_limits,
        default=(LIVE_LIMIT, LIVE_WRITE_LIMIT),
        metavar="live|sandbox|N|off",
        help="requests an hour and token: 5000, 500 or N; off counts, but never refuses [default: live]",
    )
    parser.add_argument(
        "--callbacks-anywhere",
        action="store_true",
        help="let subscriptions call back to other hosts than this machine",
    )
    commands = parser.add_subparsers(dest="command", metavar="")
    commands.add_parser(
        "tokens", help="print the demo tokens as JSON", description="Prints the demo tokens as JSON."
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _limits(text: str) -> tuple[int | None, int | None]:
    named: dict[str, tuple[int | None, int | None]] = {
        "live": (LIVE_LIMIT, LIVE_WRITE_LIMIT),
        "sandbox": (SANDBOX_LIMIT, SANDBOX_WRITE_LIMIT),
        "off": (None, None),
    }
    if text in named:
        return named[text]
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("it is live, sandbox, off, or a number of at least 1")
    return int(text), min(int(text), LIVE_WRITE_LIMIT)


def listen(host: str, port: int) -> "socket":
    """A socket that accepts connections already, so that whoever reads the address may use it.

    The protocol is named, as asyncio sets TCP_NODELAY only then; else each answer waits 40 ms.
    """
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except BaseException:
        listening.close()
        raise
    return listening


def _serve(options: argparse.Namespace) -> int:
    import signal
    import sqlite3

    import uvicorn

    from instagram_server import seed_data
    from instagram_server.app import create_app

    settings = Settings(
        era=Era(options.era),
        database=options.database,
        rate_limit=options.rate_limit[0],
        write_limit=options.rate_limit[1],
        anywhere=options.callbacks_anywhere,
    )
    try:
        app = create_app(settings)
    except sqlite3.Error as error:
        sys.stderr.write(f"instagram-server: {options.database}: cannot be used as a database: {error}\n")
        return 2
    config = uvicorn.Config(
        app,
        options.host,
        options.port,
        log_level="warning",
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = uvicorn.Server(config)
    try:
        listening = listen(options.host, options.port)
    except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
        app.state.platform.store.close()
        address = f"{options.host}:{options.port}"
        sys.stderr.write(f"instagram-server: {address}: cannot be listened at: {error}\n")
        return 2
    # uvicorn sets its own handlers, and at the end hands the signal on to these.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    host, port = listening.getsockname()[:2]
    if options.database is None:  # the demo app is called back here, wherever this is
        callback, demo = f"http://{host}:{port}/demo/callback", seed_data.DEMO_CLIENT.id
        app.state.platform.store.run("UPDATE client SET redirect_uri = ? WHERE id = ?", callback, demo)
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(
        f"Instagram REST API v1 as of {options.era}: http://{shown}:{port}/ (API below /v1)\n"
        + "".join(f"  {name:<24}{token}\n" for name, token in seed_data.tokens().items())
    )
    sys.stdout.flush()
    server.run(sockets=[listening])
    app.state.platform.store.close()
    return 0
