"""Names compared: the readings of a name in any script, and how alike two are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents import compared_name
from eximledger_chaincode.lending.screening.names import consonants, readings_of
from eximledger_chaincode.lending.screening.scoring import EQUAL, _distance, alike, reading_of_form

names = st.text(max_size=40)
words = st.text(alphabet="abcdeio", max_size=8)


def score(left: str, right: str) -> int:
    return max((alike(one, other) for one in readings_of(left) for other in readings_of(right)), default=0)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Guizhou Dongyu Electric Co., Ltd.", "GUIZHOU DONGYU ELECTRIC CO LTD"),
        ("贵州东裕电气有限公司", "贵州 东裕电气 有限公司"),
        ("贵州东裕电气有限公司", "Guizhou Dongyu Dianqi"),
        ("PETROV, Ivan", "Ivan Petrov"),
        ("Иван Петров", "Ivan Petrov"),
        ("Müller & Söhne GmbH", "MULLER SOHNE"),
        ("Dong Yu", "Dongyu"),
        ("Mohammed Aly Hassan", "Hasan, Muhammad Ali"),
        ("ＡＣＭＥ　Widgets", "acme widgets"),
        ("Ac\u200bme Widgets", "Acme Widgets"),
        ("Рosco Widgets", "Posco Widgets"),  # a Cyrillic letter that looks like a Latin one
    ],
)
def test_the_same_name_spelt_otherwise_is_the_same(left: str, right: str) -> None:
    assert score(left, right) == EQUAL


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Nordlicht Handels", "Nordlict Handels"), ("Acme Shipping Lines", "Acme Shiping Line"),
        ("محمد علي حسن", "Mohammed Ali Hassan"),
        ("Abdul Rahman Yasin", "Abd al-Rahman Yassin"), ("Gaddafi Trading", "Gadhafi Trading"),
    ],
)  # fmt: skip
def test_near_spellings_are_near(left: str, right: str) -> None:
    assert 80 <= score(left, right) < EQUAL


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("خالد إبراهيم الحربي", "Khaled Ibrahim AL-HARBI"), ("خالد إبراهيم الحربي", "Khalid Ibrahim Harbi"),
        ("عبد الكريم الشمري", "Abd al-Karim al-Shammari"), ("مصنع النور والسلام", "Masnaa Nur Salam"),
        ("Abdulkarim Alshammari", "Abd al-Karim al-Shammari"), ("Abdelkarim Shammari", "ABD AL-KARIM AL-SHAMMARI"),
    ],
)  # fmt: skip
def test_an_article_that_is_written_on_to_a_name_hides_nobody(left: str, right: str) -> None:
    assert score(left, right) >= 88


@pytest.mark.parametrize(
    "written",
    ["Kestrel Metals GmbH (Rotterdam)", "KESTREL METALS, Tallinn Branch", "Kestrel Metals Branch Tallinn",
     "Kestrel Metals Riga branch office"],
)  # fmt: skip
def test_a_branch_is_found_as_its_house(written: str) -> None:
    assert score(written, "Kestrel Metals Ltd") == EQUAL


@pytest.mark.parametrize("name", ["International Trading Branch (Riga)", "(Dubai)", "Branch office", "Olive Branch"])
def test_what_is_left_of_a_branch_tells_somebody_or_is_no_reading(name: str) -> None:
    assert len(readings_of(name)) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Alexandra Petrova", "Exandra Petrova"), ("Dongyu Trading", "Dongyu"), ("Sunrise Steel", "Sunrise Textile"),
        ("Blue Lagoon", "Blue Moon"),
        ("Ningbo Huatai Import Export", "Ningbo Huamei Import Export"), ("Shanghai Trading", "Shenzhen Trading"),
        ("Acme 12", "Acme 13"), ("Li Wei", "Lu Wei"), ("贵州东裕电气", "贵州东方电气"),
    ],
)  # fmt: skip
def test_other_names_are_others(left: str, right: str) -> None:
    assert score(left, right) < 88


@given(names, names)
def test_a_score_is_the_same_both_ways_and_in_bounds(left: str, right: str) -> None:
    assert 0 <= score(left, right) == score(right, left) <= EQUAL


@given(names)
def test_a_name_is_itself_and_an_index_keeps_it(name: str) -> None:
    for reading in readings_of(name):
        assert alike(reading, reading) == EQUAL
        assert reading.form.isascii()
        assert "\t" not in reading.form
        assert reading_of_form(reading.form) == reading
        assert all(consonants(word) for word in reading.words)


@given(words, words, st.integers(0, 4))
def test_the_distance_is_that_of_the_whole_table(left: str, right: str, bound: int) -> None:
    """Against the plain algorithm, without band, prefix or early ends (optimal string alignment)."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for row in range(len(left) + 1):
        for column in range(len(right) + 1):
            if not row or not column:
                table[row][column] = row or column
                continue
            best = min(
                table[row - 1][column] + 1, table[row][column - 1] + 1,
                table[row - 1][column - 1] + (left[row - 1] != right[column - 1]),
            )  # fmt: skip
            if row > 1 and column > 1 and left[row - 1] == right[column - 2] and left[row - 2] == right[column - 1]:
                best = min(best, table[row - 2][column - 2] + 1)
            table[row][column] = best
    assert min(table[-1][-1], bound + 1) == min(_distance(left, right, bound), bound + 1)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_take_a_shorter_way_to_the_same_words(name: str) -> None:
    """`compared_name` of ASCII alone, against what it says of the same text beside another character."""
    beside = compared_name(f"{name} 名")
    assert beside.removesuffix("名").strip() == compared_name(name)
