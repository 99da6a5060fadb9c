"""The command `wirecheck`. Where a package is missing, it says what to install."""

import gc
import io
import os
import sys

from wirecheck import __version__

_START = 50_000  # objects that a command makes before it works, all of which stay


def main() -> None:
    gc.set_threshold(_START)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # escapes what the terminal cannot show
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except ModuleNotFoundError as missing:
        what = f"{missing.name} is not installed: pip install wirecheck"
        sys.stderr.write(f"wirecheck: {what}\n")
        code = 2
    except Exception:  # a bug of wirecheck is inconclusive: 1 would mean "violated"
        import traceback

        traceback.print_exc()
        code = 2
    gc.freeze()  # the interpreter would look through all objects once more
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if arguments == ["--version"]:  # which needs nothing that would have to be imported
        sys.stdout.write(f"wirecheck {__version__}\n")
        return 0
    from wirecheck.cli import run

    return run(arguments)


if __name__ == "__main__":
    main()
