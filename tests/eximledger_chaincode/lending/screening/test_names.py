"""Names compared: the readings of a name in any script, and how alike two are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eximledger_chaincode.documents import compared_name
from eximledger_chaincode.lending.screening.names import consonants, is_general, readings_of
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


@example("aab", "accca", 3)  # two letters more behind another one
@example("abc", "bbca", 3)  # one more
@example("aabca", "ccbc", 4)  # one less
@example("ab", "ca", 1)  # no swap: one of the two is another letter
@example("ccacc", "ac", 3)  # the first letter has no neighbour before it
@example("bbaba", "ab", 3)
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


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("Guizhou Dongyu Electric Co., Ltd.", ["guizhou dongyu electric"]),
        ("贵州 东裕电气 股份有限责任公司", ["guizhoudongyudianqi"]),
        ("東裕集團公司", ["dongyu"]),
        ("有限公司", ["youxiangongsi"]),  # nothing but a form
        ("甲 Acme 公司", ["jiaacme"]),
        ("Müller & Söhne GmbH", ["muller sohne"]),
        ("O'Neill Bros", ["o neill bros"]),
        ("Al-Noor (Dubai)", ["al noor dubai", "al noor"]),
        ("Mohamed Aly", ["muhammad ali"]),  # as lists that are filed have it
        ("Muhammad Alnoor", ["muhammad al noor"]),  # an article, beside a name from there
        *((f"{given} Alnoor", [f"{given} alnoor"]) for given in ("aleksandr", "aleksei", "sergei", "dmitri", "yuri")),
        ("Ac\u2010me", ["ac me"]),
        ("Ac\u200bme Wid\tgets", ["acme wid gets"]),  # what nobody sees parts no word; a tab does
        ("Nord\nlicht Ö", ["nord licht o"]),
        ("Nord\x07licht Ö", ["nordlicht o", "nord licht o"]),
        ("Рosco", ["rosco", "posco"]),  # by its sound and by its look
        ("محمد علي", ["~mhmd ~ly"]),
        ("شركة النور Trading", ["~shrkh ~nwr trading"]),
        ("محمد's", ["~mhmds", "~mhmd s"]),
        ("בנק שלום", ["~vnk ~slvm"]),
        ("!!!", []),
        ("", []),
        (" ".join(f"w{number}" for number in range(30)), [" ".join(f"w{number}" for number in range(24))]),
    ],
)
def test_how_a_name_is_read(name: str, readings: list[str]) -> None:
    assert [each.form for each in readings_of(name)] == readings


def test_all_letters_of_a_long_name_stand_in_a_row() -> None:
    (reading,) = readings_of(" ".join(f"w{number}" for number in range(30)))
    assert reading.joined.endswith("w28w29")


@pytest.mark.parametrize(
    ("name", "telling"),
    [
        ("Dongyu Trading", ("dongyu",)), ("X 7 Trading Y", ("7",)), ("Trading Group", ("trading", "group")),
        ("Al Noor", ("noor",)), ("Yu Trading", ("yu",)),
    ],
)  # fmt: skip
def test_what_of_a_name_tells_it_from_others(name: str, telling: tuple[str, ...]) -> None:
    (reading,) = readings_of(name)
    assert reading.telling == telling
    assert [word for word in reading.words if not is_general(word)] == ([*telling] if telling[0] != "trading" else [])


@pytest.mark.parametrize(
    "words",
    [
        "National Petroleum and Chemical Corporation of China",
        "The Chinese Ministry for Foreign Trade and Commerce",
        "Beijing Agricultural Machinery Import Company",
        "Shanghai International Shipping Lines Agency",
        "Tianjin Marine Transport and Logistics Center",
        "Guangdong Textile Materials Export Limited",
        "Guangzhou Electronic Technology Development",
        "Guizhou Electrical Equipment Manufacturing Factory",
        "Shenzhen Tech Systems and Solutions",
        "Zhejiang Plastic Products Industry",
        "Jiangsu Metal Tools and Hardware Supplies",
        "Ningbo Furniture Industrial Goods",
        "Hong Kong Holdings and Investments Group",
        "Hongkong Financial Services Centre",
        "General Electric Power Energy Engineering",
        "United Steel Construction Material Store",
        "World Food Imports and Exports Brothers",
        "Global Fashion Traders Associates",
        "New Medical and Pharmaceutical Institute",
        "Private Insurance Bank Foundation",
        "State University Establishment",
        "Sea Line Ship Management",
        "Oil Product Trading Organization",
        "Agro Foods Supply Stores",
        "Automotive Technical Service Enterprise",
        "Corporate Business Building Enterprises",
        "Commercial Technologies Develop Holding Investment",
        "Metals Chemicals Plastics Textiles Industries",
        "Trans Handel und Handels der des van von",
        "de del di do du la las los y s al",
        "Electronics",
    ],
)
def test_words_of_many_firms_tell_none_from_another(words: str) -> None:
    (reading,) = readings_of(f"{words} Xinda")
    assert reading.telling == ("xinda",)


def test_small_words_beside_another_script_tell_nothing() -> None:
    reading = readings_of("النور and the und y")[0]
    assert reading.words == ("~nwr", "and", "the", "und", "y")
    assert reading.telling == ("~nwr",)


@pytest.mark.parametrize(
    ("word", "head"),
    [
        ("muhammad", "md"), ("mohamed", "md"), ("~mhmd", "md"), ("tschaikovsky", "skvs"), ("chaikowski", "skvs"),
        ("czatch", "s"), ("philip", "flp"), ("filip", "flp"), ("khan", "kn"), ("ghani", "kn"), ("jackson", "sksn"),
        ("quick", "k"), ("xerox", "ksrk"), ("zhang", "snk"), ("jim", "sm"), ("zim", "sm"), ("bolga", "vlk"),
        ("wolga", "vlk"), ("djibouti", "svt"), ("petrovski", "ptrv"), ("aeiouy", "aeio"), ("1234567", "1234567"),
    ],
)  # fmt: skip
def test_by_which_consonants_a_word_is_looked_up(word: str, head: str) -> None:
    assert consonants(word) == head


@pytest.mark.parametrize(
    "spellings",
    [
        "Abdul Karim,Abd Kareem,Abdel Karim,Abdal Kareem,Abdur Karim,Abdoul Kareem",
        "Muhammad Said,Mohammed Saeed,Mohamed Said,Mohammad Said,Muhammed Said,Mohamad Said",
        "Mohamud,Mohammod,Mohamed",
        "Ahmad Aly,Ahmed Ali,Ahmet Ali", "Hassan Umar,Hasan Omar", "Ibrahim Khaled,Ebrahim Khalid",
        "Hussein Jamal,Hussain Gamal,Husain Jamal,Husayn Gamal,Hossein Jamal,Hussayn Jamal",
        "Yusuf Usama,Yousef Osama,Youssef Usama,Yousuf Osama,Yusef Usama",
        "Abdullah Qadir,Abdallah Kadir,Abdulla Qader",
        "Mahmud Mustafa,Mahmoud Mostafa,Mahmood Moustafa", "Rashid,Rasheed,Rachid",
        "Aleksandr,Alexander,Aleksander,Oleksandr", "Aleksei,Alexei,Aleksey,Alexey", "Sergei,Sergey,Serhii",
        "Dmitri,Dmitry,Dmitrii,Dmitriy", "Yuri,Yury,Yuriy,Iurii",
    ],
)  # fmt: skip
def test_a_given_name_is_one_however_it_is_transliterated(spellings: str) -> None:
    first, *others = spellings.split(",")
    assert {score(first, other) for other in others} == {EQUAL}


@pytest.mark.parametrize(
    ("left", "right", "percent"),
    [
        # a word: by the edits of the longer one, a swap of neighbours counting one; none at all of three letters
        ("Petrov", "Petrow", 83), ("Petrov", "Petrova", 85), ("Rosne", "Rosen", 80), ("Nordlicth", "Nordlicht", 88),
        ("Akme", "Acme", 75), ("Ake", "Aka", 0), ("Acme", "Ace", 0), ("Abcdefgxyz", "Abcdefgij", 70),
        # a number is another one, or is no number
        ("Hall 12345", "Hall 12346", 44), ("Hall 12345", "1234a", 0), ("Hall 1234a", "12345", 0),
        # what is unpaired counts against it, general words a third
        ("Rosen W", "Rosen", 96), ("Group", "Group 7", 76), ("Rosen", "Trading Rosne", 64), ("Akme", "Acme Ake", 54),
        ("Petrov", "Petrow Maud", 62), ("Petrova", "Petrow Trade", 62), ("Nordlicth Acme", "Nordlict", 71),
        # each word is paired once, the longest first with what is most like it
        ("Nordlicht", "Nordlict Licht", 68), ("Petrov Petrova", "Petrova Petrow", 92),
        ("Iavnov Rosenburg", "Iavnov Ivanova", 32), ("Abdcefghij Rosen", "Bacdefghij Abdcefghij", 57),
        ("Bacdefghij Abdcefghij", "Abdcefghij Qumm Dorn", 52), ("Abdcefghij Bacdefghij", "Abdcefghij Qumm Dorn", 52),
        # written without vowels
        ("محمد", "Mohammed", 95), ("محمد علي", "Mohammed Petrov", 56), ("محمود مد", "مد Licht Trading", 44),
        ("مد Petrov", "Petrov مد", 100), ("اوا", "Aowa", 0), ("A", "اوا", 0),
        # parted otherwise: telling words in a row, of eight letters at least; a trading company is not its namesake
        ("Nord Licht", "Nordlict", 88), ("Nord Lich", "Nordlict", 87), ("Nord Lic", "Nordlict", 0),
        ("Nord Licht Trading", "Nordlicht", 85), ("Nord Licht Trading", "Nordlict Trading", 88),
        ("Trading Nord Licht", "Nordlicht Trading", 99), ("Nordlicht", "Petrov Nord", 0), ("Petrov", "Nord D", 0),
        ("Ivanova D", "Ivanov Aka", 67), ("Rosenberg", "D Trading", 0), ("Nordlict", "12345 12346", 0),
    ],
)  # fmt: skip
def test_how_alike_two_names_are_in_percent(left: str, right: str, percent: int) -> None:
    assert score(left, right) == score(right, left) == percent
