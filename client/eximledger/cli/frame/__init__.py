"""What every command stands in: its session with common options and errors, its output, a verdict's exit code.

Imported by the commands; imports `reports`, `desk` and `connect`, no command.
"""
