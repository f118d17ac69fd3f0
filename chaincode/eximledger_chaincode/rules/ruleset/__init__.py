"""The rule set: the register of its rules, and the id that is made of all that decides.

Imported by every module of rules; imports `basis` and `lending`.
"""
