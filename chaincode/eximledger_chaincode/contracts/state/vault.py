"""Vaults: private collections whose keys and values cannot be guessed.

Fabric puts the plain SHA-256 of every private key and value into blocks, and what papers say is soon guessed. So in a
collection of ours a key is the HMAC of its name under the collection's own secret, and a value begins with salt. The
secret comes from the seed of the private call that begins the collection, salts from seed and secret together: who
calls knows the seed, and a bank's call also writes where no bank reads, for that it consents, pulls and keeps stands
with customs and SAFE. Salts are random for whoever does not know the secret, the secret for whoever did not begin.

A peer's store has its keys in order, and papers are numbered in a row. So a key begins with a place that it shares with
its neighbours, for of keys at random hardly two that are filed at one time would stand in one part of the store. Only
members of the collection see keys; what rows and events show to all is the key's name, in which its place is veiled.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol

from hlf_chaincode.contract import Context

__all__ = ["SALT_BYTES", "KeyReader", "Vault", "open_vault"]

_SECRET_KEY: Final = "secret"  # noqa: S105 - the name of a key
SALT_BYTES: Final = 16
"""Bytes in front of every value."""


_PLACE: Final = 16
"""Hexadecimal digits of a key that say beside which others it stands; 48 are its own."""
_IN_A_ROW: Final = 4
"""Characters at the end of a number in which neighbours differ."""


@lru_cache(maxsize=32768)  # a case reads hundreds of keys, and the same at every step of a loan
def _key(secret: bytes, key: str) -> str:
    return _place(secret, _neighbourhood(key)) + _keyed(secret, key)[_PLACE:]


def _neighbourhood(key: str) -> str:
    """What keys beside each other have in common: their type, and what they name last but for its end."""
    first, *others = key.removeprefix("\0").removesuffix("\0").split("\0")
    return "\0".join([first, *(each[:-_IN_A_ROW] for each in others[-1:])])


@lru_cache(maxsize=4096)
def _place(secret: bytes, neighbourhood: str) -> str:
    return _keyed(secret, f"place {neighbourhood}")[:_PLACE]


def _veiled(secret: bytes, name: str) -> str:
    """A key's name, or a name's key: its place is added to what follows from the rest of it."""
    veil = _keyed(secret, f"veil {name[_PLACE:]}")[:_PLACE]
    return f"{int(name[:_PLACE], 16) ^ int(veil, 16):0{_PLACE}x}{name[_PLACE:]}"


def _keyed(secret: bytes, said: str) -> str:
    return hmac.digest(secret, said.encode(), "sha256").hex()


class KeyReader(Protocol):
    """What reads values by their keys' names."""

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        """Values in the order of `keys`, None where there is none; one request."""
        ...


class Vault:
    """One collection as a transaction has it. Keys are named as everywhere in `state.keys`."""

    def __init__(self, context: Context, collection: str, secret: bytes | None) -> None:
        self.collection = collection
        self._context = context
        self._stub = context.stub
        self._secret = secret
        self._is_new = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever written here: then keys have no names yet."""
        return self._secret is None

    def name(self, key: str) -> str:
        """What rows and events say of a key: opaque, and the same for all who may read the collection."""
        return _veiled(self._known_secret(), self.stored_key(key))

    def stored_key(self, key: str) -> str:
        """The key under which the collection has it: of it the blocks have the hash."""
        return _key(self._known_secret(), key)

    async def get(self, key: str) -> bytes | None:
        """One value, None where there is none."""
        (value,) = await self.get_many([key])
        return value

    async def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        if self._secret is None or not keys:
            return [None] * len(keys)
        return await self._values([_key(self._secret, key) for key in keys])

    async def get_named(self, names: Sequence[str]) -> list[bytes | None]:
        """Values by the names of their keys, as a row of a list has them."""
        if self._secret is None or not names:
            return [None] * len(names)
        return await self._values([_veiled(self._secret, name) for name in names])

    async def _values(self, stored_keys: list[str]) -> list[bytes | None]:
        stored = await self._stub.get_private_data_many(self.collection, stored_keys)
        return [None if value is None else value[SALT_BYTES:] for value in stored]

    async def stored(self, key: str) -> bytes | None:
        """One value with its salt in front: that whose hash stands in a block."""
        if self._secret is None:
            return None
        return await self._stub.get_private_data(self.collection, self.stored_key(key))

    async def put_many(self, writes: Mapping[str, bytes]) -> None:
        """Write values, each behind salt of its own; the first writer's seed makes the collection's secret."""
        if not writes:
            return
        named = {self.stored_key(key): self._salt(key) + value for key, value in sorted(writes.items())}
        if self._is_new:
            named[_SECRET_KEY] = self._known_secret()
        await self._stub.put_private_data_many(self.collection, named)

    async def begin(self) -> None:
        """Make the collection's secret, where nothing was written yet."""
        if self._secret is None:
            await self._stub.put_private_data_many(self.collection, {_SECRET_KEY: self._known_secret()})

    async def delete(self, keys: Iterable[str]) -> None:
        """Delete values; their past stays on members' peers."""
        for key in keys:
            await self._stub.delete_private_data(self.collection, self.stored_key(key))

    async def purge_named(self, names: Iterable[str]) -> None:
        """Delete values and their past from every peer, by the names of their keys; their hashes stay in the blocks."""
        for name in names:
            await self._stub.purge_private_data(self.collection, _veiled(self._known_secret(), name))

    def _known_secret(self) -> bytes:
        if self._secret is None:
            self._secret, self._is_new = self._context.derived(f"secret of {self.collection}"), True
        return self._secret

    def _salt(self, key: str) -> bytes:
        """Another in each transaction, also of a caller that gives one seed twice to see whether a value changed."""
        drawn = self._context.derived(f"salt of {self.collection} {key}") + self._context.transaction_id.encode()
        return hmac.digest(self._known_secret(), drawn, "sha256")[:SALT_BYTES]


async def open_vault(context: Context, collection: str, ahead: Sequence[str] = ()) -> Vault:
    """A collection as it stands; an empty one where nothing was written yet.

    `ahead` are keys that the caller is sure to read if the transaction is to succeed: where this process has seen the
    collection's secret before, they are asked for together with it, and cost no request of their own. The secret is
    read all the same, and what it is now decides.
    """
    place = f"{context.channel}/{collection}"
    known = context.hints.get(place)
    stored = [] if known is None else [_key(known, key) for key in ahead]
    secret, *_ = await context.stub.get_private_data_many(collection, [_SECRET_KEY, *stored])
    if secret is not None:
        context.hints[place] = secret
    return Vault(context, collection, secret)
