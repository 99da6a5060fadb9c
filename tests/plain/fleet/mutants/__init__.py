"""The mutants of the fleet."""

from plain.fleet.mutants.behaviour import PAGING, STATE
from plain.fleet.mutants.protocol import ACCESS, HTTP
from plain.fleet.mutants.values import CRASH, SHAPE, VALIDATION

MUTANTS = SHAPE | VALIDATION | CRASH | STATE | PAGING | ACCESS | HTTP
