"""What columns are called: a column of a kind's table, and its names as headers write them. Imports `measures`."""
