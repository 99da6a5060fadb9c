"""The walks in docs/walks: two APIs of strangers, and programs that use clients generated for them."""
