"""Commands of the driver beside `network`: thin ones that parse, call the library and print.

`_running` is what they share: errors as one sentence and an exit code, progress for a person, a pipe or a program.
"""
