"""What every rule stands on: the case, which of its papers belong together, what makes them comparable, how to word it.

Imported by the rules beside this folder, by contracts and desk; imports `documents` and `lending`.
"""
