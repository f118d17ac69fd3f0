"""Sealed values: another ciphertext each time, opened by their seal and by nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.contracts.register.sealing import opened_value, sealed_name, sealed_value
from hlf_chaincode.errors import FabricError

SEAL, OTHER = "5a" * 32, "5b" * 32


@given(st.binary(max_size=2000), st.binary(min_size=16, max_size=16))
def test_what_is_sealed_opens_with_its_seal(content: bytes, salt: bytes) -> None:
    assert opened_value(SEAL, "position", sealed_value(SEAL, "position", salt, content)) == content


@pytest.mark.parametrize(("seal", "use"), [(OTHER, "position"), (SEAL, "paper")])
def test_it_opens_with_nothing_else(seal: str, use: str) -> None:
    value = sealed_value(SEAL, "position", b"salt", b"12,400.00 USD")
    with pytest.raises(FabricError, match="does not open"):
        opened_value(seal, use, value)
    for broken in (b"", value[:20], value[:-1] + bytes([value[-1] ^ 1]), bytes([value[0] ^ 1]) + value[1:]):
        with pytest.raises(FabricError, match="does not open"):
            opened_value(SEAL, "position", broken)


def test_neither_content_nor_length_shows() -> None:
    values = {sealed_value(SEAL, "position", bytes([salt]), b"9.00 USD") for salt in range(50)}
    assert len(values) == 50
    assert not any(b"USD" in value for value in values)
    longer = sealed_value(SEAL, "position", b"salt", b"9,000,000,000.00 USD, 12.00 EUR")
    assert {len(value) for value in values} == {len(longer)}
    assert len({value[:12] for value in values}) == 50  # no nonce twice
    same_salt = [sealed_value(SEAL, "position", b"salt", content) for content in (b"1", b"2")]
    assert same_salt[0][:12] != same_salt[1][:12]  # nor for another content with salt that somebody uses again


def test_every_release_writes_the_same_bytes() -> None:
    """Peers of two releases endorse one approval, and each opens what the other has written."""
    value = sealed_value(SEAL, "position", b"salt", b"12,400.00 USD")
    assert len(value) == 12 + 256 + 16
    assert sha256(value).hexdigest() == "b5eb9f5e0e75cc98ea4035f6195c215fd85e3cf215749ba1f9be8b67776837dc"


def test_names_differ_by_seal_and_use_and_seals_are_whole() -> None:
    assert len({sealed_name(seal, use) for seal in (SEAL, OTHER) for use in ("position", "paper")}) == 4
    with pytest.raises(FabricError, match="32 bytes"):
        sealed_name("5a" * 16, "position")
