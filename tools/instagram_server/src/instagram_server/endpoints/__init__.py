"""The 27 operations: functions from a Call to the data of a response, or to a Page."""
