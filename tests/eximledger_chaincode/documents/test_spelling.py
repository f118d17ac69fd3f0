"""Spelling: text that decides, in one form on every Python; what hides or steers, seen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents.parts.names.spelling import (
    compared_name,
    compared_number,
    filed_number,
    same_number,
    shown,
)

TABLE = """
import hashlib, sys
from eximledger_chaincode.documents.parts.names.spelling import compared_name, compared_number, filed_number
digest = hashlib.sha256()
for code in range(0x20000):
    text = f"a{chr(code)}1"
    if 0xD800 <= code < 0xE000:
        continue
    digest.update("\\n".join((compared_number(text), compared_name(text), filed_number(text))).encode())
print(digest.hexdigest())
"""
PINNED = "e3c018eb19c81a318319442366630149f7916de4e9b2b8a6bbbf60fb177aed68"
"""Of every character of the first two planes. Another value on some Python means that its peers part company there."""


def test_the_same_on_every_python() -> None:
    printed = subprocess.run([sys.executable, "-c", TABLE], capture_output=True, text=True, check=True).stdout.strip()
    assert printed == PINNED


@pytest.mark.parametrize(
    "spelt",
    [
        "inv-2026/1",
        "INV 2026.1",
        "ＩＮＶ－２０２６／１",  # full width
        "INV\u200b-2026/1",  # zero-width space
        "I\u00adNV-2026/1",  # soft hyphen
        "\u202eINV-2026/1\u202c",  # bidirectional override
        "ІNV-2026/1",  # Cyrillic I
        "INV\ufe0f-2026/1",  # variation selector
        "INV\u3164-2026/1",  # Hangul filler
        "INV–2026/1",  # noqa: RUF100 - en dash
        "ΙNV-2026/1",  # Greek Iota
        "INV-\U000e0031" + "2026/1",  # tag
        "INV-٢٠٢٦/١",  # Arabic-Indic digits
        "INV-२०२६/१",  # Devanagari digits
        "𝐈𝐍𝐕-2026/1",  # mathematical bold
    ],
)
def test_no_spelling_hides_a_number(spelt: str) -> None:
    assert same_number(spelt, "INV-2026/1")


def test_only_latin_letters_get_capitals() -> None:
    """U+0264 has had a capital since Unicode 16: Python 3.14 would part company with 3.11."""
    assert compared_number("a\u02641") == "A\u02641"


def test_an_id_keeps_the_number_as_written() -> None:
    assert filed_number("2026/11-1") != filed_number("2026/1-11")
    assert filed_number(" 2026/11-1\u200b ") == filed_number("２０２６/11-1") == "2026/11-1"
    assert filed_number("A  \t B") == "A B"
    assert filed_number("inv-1") == "inv-1"


def test_a_number_of_separators_alone_is_itself() -> None:
    assert compared_number("--") == "--"
    assert filed_number("\u200b") == "\u200b"
    assert compared_number("--") != compared_number("/")


def test_names_compare_as_words() -> None:
    assert compared_name("Müller & Söhne,  GmbH") == compared_name("MÜLLER SÖHNE GMBH")
    assert compared_name("贵州东玉电气有限公司") == compared_name("贵州东玉\u200b电气有限公司")
    assert compared_name("Dоngyu") == compared_name("Dongyu")  # the o is Cyrillic
    assert compared_name("Dongyu") != compared_name("Dongyo")


@given(st.text())
def test_comparing_twice_changes_nothing(text: str) -> None:
    once = compared_name(text)
    assert compared_name(once) == once
    assert filed_number(filed_number(text)) == filed_number(text)


@given(st.text(), st.text(alphabet="\u200b\u00ad\u202e\ufeff\u2060", max_size=4), st.integers(0, 20))
def test_what_cannot_be_seen_changes_nothing(text: str, hidden: str, at: int) -> None:
    assert compared_name(text[:at] + hidden + text[at:]) == compared_name(text)


@given(st.text())
def test_what_is_shown_steers_no_terminal(text: str) -> None:
    said = shown(text)
    assert not [character for character in said if ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0]
    assert not set(said) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028")


def test_what_steers_is_written_out() -> None:
    assert shown("Good\x1b[2J \u202eevil\u202c") == "Good\\x1b[2J \\u202eevil\\u202c"
    assert shown("贵州 Dongyu Müller") == "贵州 Dongyu Müller"
