"""The Chinese of refusals and remarks, found by the form of their English sentences; one table for each side."""
