"""Filing papers and reading them back: what one transaction reads and writes of them.

Imported by the contracts; imports `state`.
"""
