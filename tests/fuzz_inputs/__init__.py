"""Mutated inputs for every door of the product: `make fuzz-inputs`."""
