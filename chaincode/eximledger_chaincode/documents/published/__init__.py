"""What authorities publish for every member of their channel, about no one exporter.

Imports `parts`; imported by the table of kinds.
"""
