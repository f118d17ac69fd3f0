"""What stands in the vaults of a ledger in memory, by the names of `state.keys`, for the tests of contracts."""

from __future__ import annotations

import hmac

from tests.hlf_chaincode.memory_peer import Envelope, MemoryLedger

SECRET = "secret"
SALT = 16


def stored_key(ledger: MemoryLedger, channel: str, collection: str, key: str) -> str:
    """The key under which a vault has it: its place among its neighbours, and what is its own."""
    secret = ledger.channels[channel].values[collection, SECRET]
    kind, *named = key.strip("\0").split("\0")
    neighbours = "\0".join([kind, *(each[:-4] for each in named[-1:])])
    return _keyed(secret, f"place {neighbours}")[:16] + _keyed(secret, key)[16:]


def opaque(ledger: MemoryLedger, channel: str, collection: str, key: str) -> str:
    """What rows and events call it."""
    stored = stored_key(ledger, channel, collection, key)
    veil = _keyed(ledger.channels[channel].values[collection, SECRET], f"veil {stored[16:]}")
    return (
        bytes(
            one ^ other for one, other in zip(bytes.fromhex(stored[:16]), bytes.fromhex(veil[:16]), strict=True)
        ).hex()
        + stored[16:]
    )


def _keyed(secret: bytes, said: str) -> str:
    return hmac.digest(secret, said.encode(), "sha256").hex()


def inside(ledger: MemoryLedger, channel: str, collection: str, key: str) -> bytes | None:
    """The value of a key, without its salt; None where there is none, or no vault yet."""
    values = ledger.channels[channel].values
    if (collection, SECRET) not in values:
        return None
    stored = values.get((collection, stored_key(ledger, channel, collection, key)))
    return None if stored is None else stored[SALT:]


def collections(ledger: MemoryLedger, channel: str) -> set[str]:
    """The private collections in which something stands."""
    return {collection for collection, _ in ledger.channels[channel].values if collection}


def in_the_open(ledger: MemoryLedger) -> bytes:
    """All that every member of a channel sees without being shown it: public keys and values, the names of private
    keys, and events."""
    seen = []
    for channel in ledger.channels.values():
        for (collection, key), value in channel.values.items():
            seen += [key.encode(), b"" if collection else value]
        seen += [f"{name} {payload}".encode() for name, payload in channel.events]
        seen += [change.value for changes in channel.history.values() for change in changes]
    return b"\n".join(seen)


def in_the_block(envelope: Envelope) -> bytes:
    """What a transaction shows in its block: arguments, public writes, the names of private keys, answer, event."""
    seen = [*envelope.transaction.arguments, envelope.response.payload]
    seen += [] if envelope.event is None else [envelope.event[1]]
    for (collection, key), value in envelope.writes.items():
        seen += [key.encode(), b"" if collection or value is None else value]
    return b"\n".join([*seen, *(key.encode() for _, key in envelope.reads)])
