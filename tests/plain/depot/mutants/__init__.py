"""The mutants of the depot."""

from plain.depot.mutants.behaviour import ACCESS, PAGING, STATE
from plain.depot.mutants.values import CRASH, SHAPE, VALIDATION

MUTANTS = SHAPE | VALIDATION | CRASH | STATE | PAGING | ACCESS
