"""What every generated client has in common. Copied from wirecheck, word by word."""
