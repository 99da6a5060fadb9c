"""Documents whose every text is made to be executed, rendered or written elsewhere: what becomes of them."""
