"""Names in grades, and what holds of any two names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.documents.names.pair_table import HERE, PAGE, pairs

from eximledger_chaincode.documents import normal_name
from eximledger_chaincode.documents.parts.names.comparison import Grade, Why, compare_names, edits
from eximledger_chaincode.documents.parts.names.forms import countries_with_forms
from eximledger_chaincode.documents.parts.names.name import name_of
from eximledger_chaincode.documents.parts.names.scripts import reads_as, simplified

SAME, ALIKE, DOUBTFUL, DIFFERENT = Grade


@pytest.mark.parametrize(
    ("left", "right", "grade", "why"),
    [
        ("Hanse Kontor B.V.", "HANSE KONTOR BV", ALIKE, Why.SPACING),
        ("Hanse Kontor S.A.", "Hanse Kontor SA", ALIKE, Why.SPACING),
        ("Hanse Kontor Ltd", "Hanse Kontor Limited", ALIKE, Why.FORM_SPELT),
        ("Hanse Kontor Ltd", "Hanse Kontor Co., Ltd.", ALIKE, Why.FORM_SPELT),
        ("Hanse Kontor", "Hanse Kontor Ltd", ALIKE, Why.FORM_LEFT_OUT),
        ("Hanse Kontor Société Anonyme", "Hanse Kontor SA", ALIKE, Why.FORM_SPELT),
        ("Hanse Kontor Sp. z o.o.", "Hanse Kontor SP ZOO", ALIKE, Why.SPACING),
        ("Hanse Kontor Pvt. Ltd.", "Hanse Kontor (Private) Limited", ALIKE, Why.FORM_SPELT),
        ("Müller GmbH", "Muller GmbH", ALIKE, Why.DIACRITICS),
        ("Müller GmbH", "Mueller GmbH", ALIKE, Why.TRANSLITERATION),
        ("Muller GmbH", "Mueller GmbH", ALIKE, Why.TRANSLITERATION),
        ("Muller Ltd", "Mueller Ltd", DOUBTFUL, Why.NEAR),
        ("Hansen & Søn A/S", "Hansen og Soen AS", ALIKE, Why.TRANSLITERATION),
        ("Smith & Sons Ltd", "Smith and Sons Ltd", ALIKE, Why.SPACING),
        ("M/s A.B.C. Traders", "ABC Traders", ALIKE, Why.SPACING),
        ("АО «Восток»", "Vostok AO", ALIKE, Why.TRANSLITERATION),
        ("Ελληνικά Πλοία Α.Ε.", "Ellinika Ploia AE", ALIKE, Why.TRANSLITERATION),
        ("Hаnse Kontor", "Hanse Kontor", SAME, Why.NOTHING),
        ("Hanse Kontor GmbH", "HANSE-KONTOR, GMBH.", SAME, Why.NOTHING),
        ("Volvo AB", "AB Volvo", ALIKE, Why.SPACING),
        ("AB Trading Ltd", "Trading Ltd", DIFFERENT, Why.OTHER_NAME),
        ("北海贸易有限公司", "北海貿易有限公司", ALIKE, Why.SCRIPT),
        ("北海贸易有限公司", "北海 贸易 有限公司", ALIKE, Why.SPACING),
        ("北海贸易有限公司", "北海贸易有限责任公司", ALIKE, Why.FORM_SPELT),
        ("北海贸易有限公司", "北海贸易股份有限公司", DOUBTFUL, Why.OTHER_FORM),
        ("北海贸易有限公司", "Beihai Maoyi Youxian Gongsi", ALIKE, Why.PINYIN),
        ("北海贸易有限公司", "BEIHAI MAOYI CO., LTD", ALIKE, Why.PINYIN),
        ("北海贸易股份有限公司", "Beihai Maoyi Inc.", ALIKE, Why.PINYIN),
        ("北海贸易有限公司", "Beihai Maoyi GmbH", DOUBTFUL, Why.OTHER_FORM),
        ("贵州东裕电气有限公司", "Guizhou Dongyu Electric Co., Ltd", DOUBTFUL, Why.PART_PINYIN),
        ("上海灯具厂", "Shanghai Electric", DIFFERENT, Why.OTHER_NAME),
        ("绿源有限公司", "Lüyuan Youxian Gongsi", ALIKE, Why.PINYIN),
        ("重庆银行", "Chongqing Yinhang", ALIKE, Why.PINYIN),  # both characters have two readings
        ("北海贸易有限公司", "北洋贸易有限公司", DIFFERENT, Why.OTHER_NAME),
        ("株式会社北海", "北海㈱", ALIKE, Why.FORM_SPELT),
        ("주식회사 한강", "한강(주)", ALIKE, Why.FORM_SPELT),
        ("บริษัท สยาม จำกัด", "สยาม จำกัด", ALIKE, Why.SPACING),
        ("PT Laut Biru Tbk", "Laut Biru", ALIKE, Why.FORM_LEFT_OUT),
        ("Hanse Kontor GmbH", "Hanse Kontor Ltd", DOUBTFUL, Why.OTHER_FORM),
        ("Hanse Kontor Ltd", "Hanse Kontor LLC", DOUBTFUL, Why.OTHER_FORM),
        ("Hanse Kontor NV", "Hanse Kontor SA", DOUBTFUL, Why.OTHER_FORM),
        ("Hanse Kontor Pte Ltd", "Hanse Kontor Pty Ltd", DOUBTFUL, Why.OTHER_FORM),
        ("Hanse Kontor GmbH", "Hanse Kontor GmbH & Co. KG", DOUBTFUL, Why.OTHER_FORM),
        ("Hanse Kontor GmbH", "Hanse Kantor GmbH", DOUBTFUL, Why.NEAR),
        ("Kontor Hanse GmbH", "Hanse Kontor GmbH", DOUBTFUL, Why.NEAR),
        ("Hanse Kontor", "Hanse Kontor Trading", DIFFERENT, Why.OTHER_NAME),
        ("Hanse", "Hanse Kontor", DIFFERENT, Why.OTHER_NAME),
        ("Ltd", "Limited", DIFFERENT, Why.OTHER_NAME),
        ("-", "--", DIFFERENT, Why.OTHER_NAME),
    ],
)
def test_names_are_compared_in_grades(left: str, right: str, grade: Grade, why: Why) -> None:
    found = compare_names(left, right)
    assert (found.grade, found.why) == (grade, why), found
    assert compare_names(right, left) == found


def test_near_names_have_a_score_and_no_pair_that_differs_has_all_of_it() -> None:
    assert compare_names("Hanse Kontor GmbH", "Hanse Kantor GmbH").score == 90
    assert compare_names("Kontor Hanse", "Hanse Kontor").score == 99


def test_nobody_looks_for_likeness_in_what_is_too_long_for_a_name() -> None:
    """A paper's text may have 4,000 letters, and a case many papers."""
    long = "Hanse Kontor " * 300
    assert compare_names(long, long + "x").grade is DIFFERENT
    assert compare_names(long, "北海贸易有限公司").grade is DIFFERENT
    assert compare_names(long, long.upper()).grade is SAME


def test_a_country_that_writes_umlauts_tells_how_a_name_may_be_written() -> None:
    assert compare_names("Muller", "Mueller", umlauts=True).grade is ALIKE
    assert compare_names("Blue Sea", "Blu Sea", umlauts=True).grade is not ALIKE


def test_forms_of_at_least_forty_countries_are_known() -> None:
    assert len(countries_with_forms()) >= 40
    page = PAGE.read_text(encoding="utf-8")
    assert f"Legal forms of {len(countries_with_forms())} countries are known" in page
    assert {"CN", "HK", "TW", "DE", "US", "GB", "AE", "RU", "VN", "ID", "TH", "JP", "KR", "IN", "BR", "MX", "ZA"} <= (
        countries_with_forms()
    )


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("AB Trading", "ab trading"),
        ("Casa SA", "casa"),
        ("SA Casa", "sa casa"),
        ("Limited Edition Prints", "limited edition prints"),
        ("Company", "company"),
        ("Smith & Co", "smith"),
        ("有限公司", "有限公司"),
        ("A.B.C. Traders Ltd", "abc traders"),
        ("Mueller GmbH", "muller"),
    ],
)
def test_a_form_is_left_out_at_its_place_alone(name: str, core: str) -> None:
    assert normal_name(name) == core


def test_two_firms_have_two_names_for_the_register_whatever_their_form() -> None:
    """But for firms that differ in their form alone, or have one name."""
    for pair in pairs():
        if pair.likeness.why in {Why.NEAR, Why.OTHER_NAME}:
            assert normal_name(pair.left) != normal_name(pair.right), pair


words = st.text(alphabet=st.sampled_from("abeouümøéßжиα北海贸贸易有限公司ltd ."), min_size=1, max_size=18)
names = st.one_of(st.text(min_size=1, max_size=30), words, st.sampled_from([pair.left for pair in pairs()]))


@given(names)
def test_a_name_is_the_same_as_itself(name: str) -> None:
    assert compare_names(name, name).grade is SAME


@given(names, names)
def test_comparing_is_symmetric(left: str, right: str) -> None:
    assert compare_names(left, right) == compare_names(right, left)


registered = st.sampled_from([pair.left for pair in pairs()] + [pair.right for pair in pairs()])


@given(registered, st.sampled_from(" .,-()'\u200b"), st.integers(0, 40))
def test_case_and_punctuation_change_no_grade_beyond_spelling(name: str, sign: str, at: int) -> None:
    """A sign between words, or capitals; not inside a word, which it would part."""
    ends = [place for place, letter in enumerate(name) if letter == " "] or [0]
    place = ends[at % len(ends)]
    spelt = (name[:place] + sign + name[place:]).upper()
    assert compare_names(name, spelt).grade in {SAME, ALIKE}
    assert normal_name(spelt) == normal_name(name)


@given(registered)
def test_diacritics_change_no_grade_beyond_spelling(name: str) -> None:
    marked = name.replace("e", "é").replace("a", "à").replace("N", "Ñ")
    assert compare_names(name, marked).grade in {SAME, ALIKE}
    assert name_of(marked).first.core == name_of(name).first.core


@given(st.text(max_size=30))
def test_simplifying_twice_changes_nothing(text: str) -> None:
    assert simplified(simplified(text)) == simplified(text)


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_edits_are_counted_as_the_book_counts_them(one: str, other: str) -> None:
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, other_letter in enumerate(other, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != other_letter)),
            )
    assert edits(one, other) == row[-1]


def test_pinyin_reads_whole_syllables_alone() -> None:
    assert reads_as("西安", "xian")
    assert reads_as("先", "xian")
    assert not reads_as("西安", "xia")
    assert not reads_as("西", "xian")


PRINTED = """
import csv, hashlib, sys
sys.path.insert(0, sys.argv[1])
from eximledger_chaincode.documents.parts.names.comparison import compare_names
from eximledger_chaincode.documents.parts.names.name import normal_name
names = [row[place] for row in csv.reader(open(sys.argv[2], encoding="utf-8")) for place in (1, 2)]
names += [f"{chr(code)}a {chr(code + 1)}" for code in range(0x20, 0x3000, 7)]
digest = hashlib.sha256()
for name, other in zip(names, names[1:]):
    found = compare_names(name, other)
    digest.update(f"{normal_name(name)} {found.grade} {found.why} {found.score}\\n".encode())
print(digest.hexdigest())
"""
PINNED = "5252c963659486345ec5193c02eacd5f3ac8141062f71a7beb7ee61d8b5aeef3"
"""Of every pair of the table and of letters of all alphabets: peers of another value part company."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The names without the rest of the house: any Python can read them, with no library."""
    place = tmp_path_factory.mktemp("alone")
    parts = Path(sys.modules[Grade.__module__].__file__ or "").parents[1]
    package = place / "eximledger_chaincode" / "documents" / "parts"
    shutil.copytree(parts / "names", package / "names", ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.mark.parametrize("version", ["", "3.11", "3.12", "3.13", "3.14"])
def test_every_python_compares_alike(alone: Path, version: str) -> None:
    python = sys.executable if not version else shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"there is no Python {version}")
    asked = [python, "-c", PRINTED, str(alone), str(HERE / "pairs.csv")]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == PINNED
