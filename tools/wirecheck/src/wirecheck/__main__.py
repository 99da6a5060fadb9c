"""The command `wirecheck`, which also tells what to install where only the client is."""

import io
import sys
import traceback


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what it cannot show, it escapes
    try:
        from wirecheck.cli import run

        code = run(sys.argv[1:])
    except ModuleNotFoundError as missing:
        what = f"{missing.name} is not installed: pip install wirecheck"
        sys.stderr.write(f"wirecheck: {what}\n")
        code = 2
    except Exception:  # a fault of wirecheck is no verdict: 1 would mean that a promise was broken
        traceback.print_exc()
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()
