"""Rules on the way of the goods: where and when they went, on what terms, how much of what, and insured for how much.

Imported by `rules`; imports `basis`, `lending` and `documents`.
"""
