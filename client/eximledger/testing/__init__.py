"""The pytest plugin: ledgers as fixtures."""
