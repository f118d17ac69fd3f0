"""The program of a process that reads blocks ahead of the walk: `python -m ...reading PATH`.

It is asked for ranges of transactions, one a line, and answers with each of them decoded, by the SHA-256 of its bytes,
and with the signatures that it found good. What it does not answer, the walk looks at itself: it believes that exactly
these bytes decode so and exactly these signatures are good, and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sqlite3
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hlf_client.embedded.storage.blocks import signed_digest
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import channel_of, open_read_only
from hlf_client.embedded.storage.transaction import Transaction, endorsement_digest
from hlf_client.embedded.verifying.flat import flat
from hlf_client.errors import FabricError
from hlf_client.identity import certificate_hash, load_certificate, verify_signature

__all__ = ["LENGTH", "main"]

LENGTH: Final = struct.Struct(">Q")
"""Before each answer, its length."""

Signed = tuple[bytes, bytes, bytes]
"""The certificate's hash, the digest, and the signature over it."""

_TRANSACTIONS: Final = "SELECT place, code, signature, content FROM tx WHERE place >= ? AND place < ? ORDER BY place"
_BLOCK: Final = "SELECT hash, signer, signature FROM block WHERE channel = ? AND number = ?"
_CERTIFICATE: Final = "SELECT pem FROM certificate WHERE hash = ?"
_MASK: Final = (1 << 32) - 1


class _Reader:
    def __init__(self, source: sqlite3.Connection) -> None:
        self._source = source
        self._keys: dict[bytes, Any] = {}

    def answer(self, first: int, last: int) -> bytes:
        transactions, signatures = [], []
        codes: dict[int, list[int]] = {}
        for place, code, signature, content in self._source.execute(_TRANSACTIONS, (first, last)):
            codes.setdefault(place >> 20, []).append(code)
            with contextlib.suppress(Exception):  # what cannot be read is the walk's to name
                transaction = Transaction.decode(content)
                digest = hashlib.sha256(content).digest()
                transactions.append((digest, flat(transaction)))
                signatures += self._good(self._signed(transaction, digest, signature))
        for block, verdicts in codes.items():
            with contextlib.suppress(Exception):
                signatures += self._good(self._sealed(channel_of(block << 20), block & _MASK, verdicts))
        return marshal.dumps((transactions, signatures))

    @staticmethod
    def _signed(transaction: Transaction, digest: bytes, signature: bytes) -> Iterator[Signed]:
        yield transaction.call.certificate_hash, digest, signature
        for each in transaction.endorsements:
            over = endorsement_digest(transaction.result_data, each.certificate_hash, each.msp_id)
            yield each.certificate_hash, over, each.signature

    def _sealed(self, channel: int, number: int, verdicts: list[int]) -> Iterator[Signed]:
        for block_hash, signer, signature in self._source.execute(_BLOCK, (channel, number)):
            yield signer, signed_digest(block_hash, [ValidationCode(code) for code in verdicts], signer), signature

    def _good(self, signed: Iterator[Signed]) -> list[Signed]:
        return [one for one in signed if (key := self._key(one[0])) and verify_signature(key, one[2], one[1])]

    def _key(self, digest: bytes) -> Any:
        if digest not in self._keys:
            self._keys[digest] = None
            for (pem,) in self._source.execute(_CERTIFICATE, (digest,)):
                with contextlib.suppress(FabricError, ValueError):
                    if bytes.fromhex(certificate_hash(pem)) == digest:
                        self._keys[digest] = load_certificate(pem).public_key()
        return self._keys[digest]


def main(path: Path) -> None:
    with contextlib.closing(open_read_only(path)) as source:
        reader = _Reader(source)
        for line in sys.stdin.buffer:
            first, last = map(int, line.split())
            answer = reader.answer(first, last)
            sys.stdout.buffer.write(LENGTH.pack(len(answer)) + answer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
