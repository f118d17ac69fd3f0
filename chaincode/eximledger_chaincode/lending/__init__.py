"""What may be lent against, and what a loan is: values and pure functions, shared by peers and desk.

No stub, no I/O, no clock. Imported by rules, contracts and desk; imports `documents` only.
"""
