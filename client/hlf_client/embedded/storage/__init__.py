"""The file: its tables, and everything that stands in them, as bytes and as values."""
