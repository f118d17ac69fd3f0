"""One peer's stream and the transactions on it: the protocol, without sockets.

`session` is a stream, `work` the contracts at work, `conversation` one of them, `peer` what it may ask. Only `shim`
imports from here; nothing here does I/O.
"""
