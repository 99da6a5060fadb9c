"""One task with a document, as a process: python loading.py TASK DOCUMENT [RECORDING]

It prints the seconds of processor time. ``libyaml`` parses the document, ``load`` loads it, and ``judge``
judges the exchanges of a recording, all but the first ten.
"""

import sys
import time
from pathlib import Path

import yaml

from wirecheck import Judge, load, read


def main() -> None:
    task, document = sys.argv[1], Path(sys.argv[2])
    if task == "libyaml":
        began = time.process_time()
        with document.open("rb") as file:
            yaml.load(file, yaml.CSafeLoader)
    elif task == "load":
        began = time.process_time()
        load(document)
    else:
        judge, exchanges = Judge(load(document)), list(read(sys.argv[3]))
        for exchange in exchanges[:10]:
            judge.judge(exchange)
        began = time.process_time()
        for exchange in exchanges[10:]:
            judge.judge(exchange)
    sys.stdout.write(str(time.process_time() - began))


if __name__ == "__main__":
    main()
