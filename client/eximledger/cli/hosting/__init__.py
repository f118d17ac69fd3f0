"""What runs beside a ledger until it is told to end: the server, the console, the mirror."""
