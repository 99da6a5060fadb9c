"""The command `instagram-server`."""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instagram_server import __version__
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

    from starlette.types import ASGIApp

    from instagram_server.platform import Platform

_SHUTDOWN_SECONDS = 2  # for requests in flight
_REDIRECT_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+", re.IGNORECASE)

_DESCRIPTION = """\
A reference server for the Instagram REST API v1, as it behaved from late 2015
to mid 2020. It starts with the same seed data every time. Its start page, at
the address that it prints, has app credentials, tokens and requests to try."""
_EXAMPLES = """\
examples:
  instagram-server
      serve on http://127.0.0.1:8080/
  instagram-server --port 0
      serve on a free port; the first line of the output has the address
  instagram-server --rate-limit off
      for test runs: two conformance runs exceed 60 writes per hour, and
      requirements would stay inconclusive
  instagram-server --redirect-uri http://localhost:5000/callback
      let your app use the OAuth flow
  instagram-server --database state.db --era 2018-04
      keep the state in a file; behave as in April 2018
  instagram-server tokens
      print the tokens and the credentials of the demo app as JSON"""


def main() -> None:
    try:
        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # interrupted before the server ran


def run(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code, which is 2 for unusable input."""
    options = _parser().parse_args(arguments)
    if options.command == "tokens":
        sys.stdout.write(json.dumps(_credentials(options), indent=2) + "\n")
        return 0
    return _serve(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="instagram-server",
        usage="instagram-server [options]\n       instagram-server [options] tokens",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"instagram-server {__version__}")
    address = parser.add_argument_group("address and state")
    address.add_argument("--host", default="127.0.0.1", help="address to bind [default: %(default)s]")
    address.add_argument(
        "--port", type=_port, default=8080, help="port to bind, 0 for a free one [default: %(default)s]"
    )
    address.add_argument(
        "--allowed-host",
        type=str.lower,
        action="append",
        default=[],
        metavar="NAME",
        help="accept requests to this host name, too, as a container or a proxy needs it (repeatable); "
        "addresses, localhost, instagram.com and the names below them are always accepted",
    )
    address.add_argument(
        "--database", type=Path, metavar="FILE", help="keep the state in FILE [default: in memory]"
    )
    behaviour = parser.add_argument_group("behaviour")
    behaviour.add_argument(
        "--era",
        choices=[era.value for era in Era],
        default=Era.NOVEMBER_2015.value,
        metavar="|".join(Era),
        help="behave as the API did in that month; retired endpoints return errors [default: %(default)s]",
    )
    behaviour.add_argument(
        "--rate-limit",
        type=_limits,
        default=(LIVE_LIMIT, LIVE_WRITE_LIMIT),
        metavar="live|sandbox|N|off",
        help=f"requests per hour and token: {LIVE_LIMIT}, {SANDBOX_LIMIT} or N, and for each kind of write "
        f"{LIVE_WRITE_LIMIT}, {SANDBOX_WRITE_LIMIT} or at most N; off counts, but rejects nothing "
        "[default: live]",
    )
    behaviour.add_argument(
        "--redirect-uri",
        type=_redirect_uri,
        action="append",
        default=[],
        metavar="URI",
        help="register a further redirect URI for the demo app (repeatable)",
    )
    behaviour.add_argument(
        "--callbacks-anywhere",
        action="store_true",
        help="allow callbacks of subscriptions to hosts other than this machine",
    )
    log = parser.add_argument_group("request log")
    log.add_argument(
        "--log",
        action=argparse.BooleanOptionalAction,
        help="write a line for each request to stderr, without secrets [default: if stderr is a terminal]",
    )
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", prog="instagram-server"
    )
    commands.add_parser(
        "tokens",
        help="print tokens and app credentials as JSON",
        description="Print the demo tokens by name, and the credentials of the demo app, as JSON.",
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
        raise argparse.ArgumentTypeError("a limit is live, sandbox, off, or a number of at least 1")
    return int(text), min(int(text), LIVE_WRITE_LIMIT)


def _redirect_uri(text: str) -> str:
    """An absolute URI without a fragment (RFC 6749, section 3.1.2)."""
    if not _REDIRECT_URI.fullmatch(text) or "#" in text:
        raise argparse.ArgumentTypeError(
            f"{text!a} is not an absolute URI without a fragment, such as http://localhost:5000/callback"
        )
    return text


def _credentials(options: argparse.Namespace) -> dict[str, object]:
    from instagram_server import seed_data

    app = seed_data.DEMO_CLIENT
    callback = [_callback(options.host, options.port)] if options.port else []
    return {
        **seed_data.tokens(),
        "client_id": app.id,
        "client_secret": app.secret,
        "redirect_uris": list(dict.fromkeys([*callback, *options.redirect_uri, app.redirect_uri])),
    }


def _callback(host: str, port: int) -> str:
    return f"http://{_in_url(host)}:{port}/demo/callback"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> "socket":
    """A socket that accepts connections already, so that readers of the address can connect at once.

    The protocol is explicit because asyncio sets TCP_NODELAY only then; otherwise each response
    waits 40 ms.
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
    import sqlite3

    from instagram_server.app import create_app
    from instagram_server.guard import HostCheck
    from instagram_server.request_log import RequestLog

    try:
        listening = listen(options.host, options.port)
    except (OSError, UnicodeError) as error:  # UnicodeError: not a host name
        sys.stderr.write(f"instagram-server: {options.host}:{options.port}: cannot be bound: {error}\n")
        return 2
    host, port = listening.getsockname()[:2]
    settings = Settings(
        era=Era(options.era),
        database=options.database,
        rate_limit=options.rate_limit[0],
        write_limit=options.rate_limit[1],
        anywhere=options.callbacks_anywhere,
        redirect_uris=(_callback(host, port), *options.redirect_uri),
    )
    try:
        app = create_app(settings)
    except sqlite3.Error as error:
        listening.close()
        sys.stderr.write(f"instagram-server: {options.database}: cannot be used as a database: {error}\n")
        return 2
    sys.stdout.write(_greeting(app.state.platform, f"http://{_in_url(host)}:{port}/"))
    sys.stdout.flush()
    logged = sys.stderr.isatty() if options.log is None else options.log
    checked = HostCheck(app, [options.host, *options.allowed_host])
    _run(RequestLog(checked, sys.stderr.write) if logged else checked, listening)
    app.state.platform.store.close()
    return 0


def _greeting(platform: "Platform", address: str) -> str:
    """The address, the credentials of the demo app, and the tokens, which come last."""
    from instagram_server import seed_data

    app = seed_data.DEMO_CLIENT
    lines = [
        ("client_id", app.id),
        ("client_secret", app.secret),
        *(("redirect_uri", uri) for uri in platform.redirect_uris(app.id)),
        *seed_data.tokens().items(),
    ]
    heading = f"Instagram REST API v1 as of {platform.settings.era}: {address} (API below /v1)\n"
    return heading + "".join(f"  {name:<24}{value}\n" for name, value in lines)


def _run(app: "ASGIApp", listening: "socket") -> None:
    """Serve until a signal ends it."""
    import signal

    import uvicorn

    from instagram_server.guard import Protocol

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        http=Protocol,
        ws="none",
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    server = uvicorn.Server(config)
    # uvicorn installs its own handlers, and passes the signal on to these at the end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    server.run(sockets=[listening])
