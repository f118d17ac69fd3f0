"""What receipts collect: knowing a credit again, what it names, and how what is taken is spread over declarations.

Pure. Imported by `claim`, by filing and by the desk; imports `documents` and `lending`'s arithmetic.
"""
