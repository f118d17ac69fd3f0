"""Watch lists as state.

How an edition is filed in parts and made valid at once, how a case is looked up in those that hold, what two persons
cleared, and what a loan was last found to hit.

Imported by the contracts `watch` and `screening` and by `loanbook`; imports `state`, `papers` and `lending`.
"""
