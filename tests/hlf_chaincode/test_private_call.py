"""Private calls on the wire: arguments by transient, an answer that opens with its own key and no other, salts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.padding import filled, unfilled
from hlf_chaincode.private_call import (
    ANSWER,
    BRIEF,
    KEY_BYTES,
    SEED,
    derived,
    opened,
    private_arguments,
    private_transient,
    sealed,
)
from hlf_client.private import Answered, PrivateCall

KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
CONTENTS = st.binary(max_size=3000)


@given(CONTENTS, st.integers(1, 4096))
def test_what_is_filled_up_is_whole_and_of_few_lengths(content: bytes, multiple: int) -> None:
    data = filled(content, multiple)
    assert unfilled(data) == content
    assert len(data) % multiple == 0
    assert len(data) - len(content) < multiple + 4


@given(st.lists(st.binary(max_size=50), max_size=12), KEYS, KEYS)
def test_arguments_come_in_their_order(arguments: list[bytes], seed: bytes, answer: bytes) -> None:
    transient = private_transient(arguments, seed=seed, answer=answer)
    assert private_arguments(transient) == arguments
    assert (transient[SEED], transient[ANSWER]) == (seed, answer)


def test_an_argument_after_a_gap_is_none() -> None:
    assert private_arguments({"arg0": b"a", "arg2": b"c"}) == [b"a"]


@given(KEYS, CONTENTS, st.text(max_size=40))
def test_an_answer_opens_with_its_key_for_its_call_alone(key: bytes, content: bytes, label: str) -> None:
    data = sealed(key, label, content)
    assert opened(key, label, data) == content
    other = bytes([key[0] ^ 1]) + key[1:]
    for wrong_key, wrong_label in ((other, label), (key, label + "x")):
        with pytest.raises(InvalidDocument, match="does not open"):
            opened(wrong_key, wrong_label, data)


@pytest.mark.parametrize(("size", "length"), [(0, 272), (252, 272), (253, 1040), (1020, 1040), (1021, 2064)])
def test_a_sealed_answer_has_one_of_few_lengths(size: int, length: int) -> None:
    data = sealed(bytes(KEY_BYTES), "tx", b"x" * size)
    assert len(data) == length
    assert opened(bytes(KEY_BYTES), "tx", data) == b"x" * size


@given(KEYS, CONTENTS, st.data())
def test_a_changed_bit_opens_nothing(key: bytes, content: bytes, data: st.DataObject) -> None:
    sound = sealed(key, "tx", content)
    place, bit = data.draw(st.integers(0, len(sound) - 1)), data.draw(st.integers(0, 7))
    changed = sound[:place] + bytes([sound[place] ^ 1 << bit]) + sound[place + 1 :]
    with pytest.raises(InvalidDocument):
        opened(key, "tx", changed)


@pytest.mark.parametrize("size", [0, 16, KEY_BYTES - 1, KEY_BYTES + 1])
def test_keys_and_seeds_have_one_length(size: int) -> None:
    with pytest.raises(InvalidDocument, match="32 bytes"):
        sealed(bytes(size), "tx", b"x")
    with pytest.raises(InvalidDocument, match="32 random bytes"):
        derived({SEED: bytes(size)}, "a label")


def test_a_call_without_a_seed_has_no_salt() -> None:
    with pytest.raises(InvalidDocument, match="32 random bytes"):
        derived({}, "a label")


@given(KEYS, st.text(max_size=20), st.text(max_size=20))
def test_each_label_has_bytes_of_its_own_and_every_peer_the_same(seed: bytes, one: str, other: str) -> None:
    first, second = derived({SEED: seed}, one), derived({SEED: seed, ANSWER: b"x"}, other)
    assert len(first) == KEY_BYTES
    assert (first == second) == (one == other)


def test_a_call_that_is_not_answered_has_no_key() -> None:
    call = PrivateCall.of("loan-17", answered=Answered.NOT)
    assert set(call.transient) == {"arg0", SEED}
    assert call.opened("tx", b"") == b""


def test_a_call_says_that_a_short_answer_is_enough() -> None:
    assert BRIEF in PrivateCall.of("loan-17", answered=Answered.BRIEF).transient
    assert BRIEF not in PrivateCall.of("loan-17").transient


def test_two_calls_share_no_secret_and_show_none() -> None:
    one, two = PrivateCall.of("loan-17"), PrivateCall.of("loan-17")
    assert one.key != two.key
    assert one.transient[SEED] != two.transient[SEED]
    assert "loan-17" not in repr(one)
    assert one.key.hex() not in repr(one)
