"""Watch lists and screening on the command line: `watch` and `screen`."""
