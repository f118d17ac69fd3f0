"""Rules on customs' declarations, and on the exporter's copies of them. Imports `basis` and `ruleset`."""
