"""What customs knows of an export, the exporter's copy of it, and what is counted of many. Imports `parts`."""
