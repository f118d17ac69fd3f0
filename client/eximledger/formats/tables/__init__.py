"""Tables: CSV files and workbooks of customs declarations, cell by cell."""
