"""Identifiers: their short forms, and the time of their creation."""

from ._runtime.identifiers import Identifier

media_id = Identifier(
    bits=64,
    epoch=1314220021721,
    shift=23,
    minimum=1099511627776,
    alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
)
"""A 64-bit number that carries the time of creation, an underscore, the id of the owner."""
