"""The command `wirecheck`, which also tells what to install where only the client is."""

import sys


def main() -> None:
    try:
        from wirecheck.cli import run
    except ModuleNotFoundError as missing:
        what = f"{missing.name} is not installed: pip install 'instagram-wirecheck[wirecheck]'"
        sys.stderr.write(f"wirecheck: {what}\n")
        sys.exit(2)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
