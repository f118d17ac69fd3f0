"""Screening a case against watch lists.

Who is asked about, how names are compared, how lists are indexed, what a hit and its clearing are.

Pure, and the same at desk and peers. Imports `documents`; imported by rules, contracts and the client.
"""
