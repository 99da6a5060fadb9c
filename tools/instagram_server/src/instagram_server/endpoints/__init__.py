"""The 27 operations: each a function from a Call to the data of its answer, or a Page."""
