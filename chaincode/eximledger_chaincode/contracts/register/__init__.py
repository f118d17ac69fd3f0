"""The financing register as state: what loans hold of declarations, and which papers they have.

Imported by `loanbook` and the contracts `loans` and `financing`; imports `state`, `papers` and `lending`.
"""
