"""The mirror: an off-chain copy of what a member may see, in SQLite or PostgreSQL, for lists, searches and a bank's BI.

Fed by blocks and the private data that the member's own peer shows; what was read and how far are written in one
transaction of the database. It can be dropped and built again. May import the desk's neighbours in the chaincode
(values and pure functions) and `hlf_client`; the desk does not know it.
"""
