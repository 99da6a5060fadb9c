"""How long an HTML report of many findings takes to open and filter.

PYTHONPATH=tests python bench/html_report.py [FINDINGS]

Writes a recording with that many findings (10,000) of some hundred kinds, and measures in headless Chromium
the time from opening the page to the list, and from a key in the search to the filtered list.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support.browsing import page
from support.paths import SPECS

SPEC = SPECS / "noticeboard.yaml"
MOST = 3.0  # seconds from opening to filtered
ROUNDS = 5
LETTERS = "bcdfghklmnprstvz"
SEARCH = """
new Promise((resolve) => {
  const shown = document.getElementById('shown');
  const began = performance.now();
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() =>
    resolve({seconds: (performance.now() - began) / 1000, text: shown.textContent})))
  ).observe(shown, {childList: true});
  const search = document.getElementById('q');
  search.value = 'body lacks name';
  search.dispatchEvent(new Event('input'));
})
"""


def write(path: Path, exchanges: int) -> None:
    """A recording: pages of people where one lacks two members, and undocumented paths."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(exchanges):
            if number % 2:
                word = "".join(LETTERS[(number >> shift) % 16] for shift in (1, 5, 8))
                line = exchange(f"/v1/{word}", {})
            else:
                people = [{"id": str(number), "name": "ada", "picture": f"https://cdn.test/{number}.jpg"}] * 9
                line = exchange(f"/v1/people/search?q={number}", {"data": [*people, {"id": "7"}]})
            file.write(line)


def exchange(url: str, body: dict[str, object]) -> str:
    recorded = {
        "request": {"method": "GET", "url": f"https://board.test{url}", "headers": {"Accept": "*/*"}},
        "status": 200,
        "headers": {"Content-Type": "application/json", "Server": "nginx"},
        "body": {"meta": {"code": 200}, **body},
    }
    return json.dumps(recorded) + "\n"


def main() -> None:
    findings = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        recording, report = Path(folder, "many.jsonl"), Path(folder, "report.html")
        write(recording, findings * 2 // 3)
        command = [sys.executable, "-m", "wirecheck", "check", "--spec", str(SPEC), "--format", "html"]
        subprocess.run([*command, "--output", str(report), str(recording)], check=False)
        with page() as browser:
            browser.resize(1280, 900)
            opened, filtered, text = [], [], ""
            for _ in range(ROUNDS):
                began = time.perf_counter()
                browser.open(report)
                opened.append(time.perf_counter() - began)
                result = browser.value(SEARCH)
                filtered.append(result["seconds"])
                text = result["text"]
            total = browser.value("document.querySelector('#tab-findings span').textContent")
        size = report.stat().st_size / 1e6
    sys.stdout.write(
        f"{total} findings, {size:.1f} MB: opened in {statistics.median(opened):.2f} s, filtered in "
        f"{statistics.median(filtered):.2f} s to {text} (target: at most {MOST:.1f} s together)\n"
    )


if __name__ == "__main__":
    main()
