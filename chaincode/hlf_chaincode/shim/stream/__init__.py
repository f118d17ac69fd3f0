"""One peer's stream and the transactions on it: the protocol, without sockets.

`session` is a stream, `conversation` one transaction on it, `peer` what a contract may ask. Only `shim.server` imports
from here; nothing here does I/O.
"""
