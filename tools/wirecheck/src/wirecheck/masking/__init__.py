"""What is secret and where a text shows it: the table of names, shapes and spellings.

It imports nothing beyond the standard library; generated clients have a copy.
"""
