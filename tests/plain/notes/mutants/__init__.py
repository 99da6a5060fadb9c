"""The mutants of the notes service."""

from plain.notes.mutants.behaviour import HTTP, PAGING, STATE
from plain.notes.mutants.values import CRASH, SHAPE, VALIDATION

MUTANTS = SHAPE | VALIDATION | CRASH | STATE | PAGING | HTTP
