"""What every generated client shares, copied verbatim from wirecheck."""
