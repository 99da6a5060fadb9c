"""The command `wirecheck`. Where a package is missing, it says what to install."""

import io
import sys
import traceback


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # escapes what the terminal cannot show
    try:
        from wirecheck.cli import run

        code = run(sys.argv[1:])
    except ModuleNotFoundError as missing:
        what = f"{missing.name} is not installed: pip install wirecheck"
        sys.stderr.write(f"wirecheck: {what}\n")
        code = 2
    except Exception:  # a bug of wirecheck is inconclusive: 1 would mean "violated"
        traceback.print_exc()
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()
