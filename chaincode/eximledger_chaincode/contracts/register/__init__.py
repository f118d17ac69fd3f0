"""The financing register as state: what loans hold of declarations, which papers they have, and who may look them up.

Imported by `loanbook` and the contracts `loans`, `financing` and `matching`; imports `state`, `papers` and `lending`.
"""
