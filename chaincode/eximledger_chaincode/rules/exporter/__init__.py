"""Rules on the exporter itself: what SAFE says of it, and what it exported before. Imports `basis` and `ruleset`."""
