"""What papers are made of: money, parties, goods, identifiers, units, and the record in which a paper stands.

Values only. The papers beside this folder import it; it imports none of them.
"""
