"""One server by the environment: PLAIN_SERVER names it, PLAIN_MUTANTS its mutants, separated by spaces.

PYTHONPATH=tests PLAIN_SERVER=depot uvicorn plain.app:app
"""

import os

from plain.catalogue import SERVERS

app = SERVERS[os.environ["PLAIN_SERVER"]].make(frozenset(os.environ.get("PLAIN_MUTANTS", "").split()))
