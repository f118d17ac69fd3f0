"""Papers that come as tables: one table of columns for each kind, and how its rows become a document."""
