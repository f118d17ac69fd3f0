"""The rule set's id: another one for anything that decides, the same one wherever the same decides."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.eximledger_chaincode.contracts.lending import opened
from tests.eximledger_chaincode.contracts.trade import EXIMBANK
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents.parts.names import comparison, forms, scripts
from eximledger_chaincode.rules import (
    RULE_SET,
    RULES,
    Severity,
    Verdict,
    reconcile,
    reconciliation,
    require_rule_set,
    rule_set_id,
)
from eximledger_chaincode.rules.basis.wording import finding, says
from eximledger_chaincode.rules.ruleset import identity
from eximledger_chaincode.rules.ruleset.registry import Rule
from hlf_chaincode.errors import Refused

ROOT = Path(__file__).resolve().parents[3]
ASKED = """
import sys
sys.path.insert(0, {place!r})
import eximledger_chaincode.rules as rules
assert rules.__file__.startswith({place!r}), rules.__file__
print(rules.rule_set_id())
"""


@pytest.fixture
def fresh() -> Iterator[None]:
    """What this process has remembered is left out of the test."""
    identity.deciding.cache_clear()
    yield
    identity.deciding.cache_clear()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh: None) -> Path:
    """A copy of the sources, which the id is then made of."""
    for package in ("eximledger_chaincode", "hlf_chaincode"):
        shutil.copytree(ROOT / "chaincode" / package, tmp_path / package)
    monkeypatch.setattr(identity, "files", lambda package: tmp_path / package)
    return tmp_path


def recomputed() -> str:
    identity.deciding.cache_clear()
    return rule_set_id()


def test_it_is_the_name_of_the_rules_and_sixteen_digits() -> None:
    name, digits = rule_set_id().split("+")
    assert name == RULE_SET.name
    assert len(digits) == 16
    assert int(digits, 16) >= 0
    assert reconcile(cases.case()).rule_set == rule_set_id()


def test_a_copy_has_the_same_id_whatever_lies_beside_it_and_however_its_lines_end(checkout: Path) -> None:
    before = recomputed()
    (checkout / "eximledger_chaincode" / "rules" / "loans.py~").write_text("an editor's copy")
    (checkout / "eximledger_chaincode" / "contracts" / "documents.py").write_text("takes no part")
    source = checkout / "eximledger_chaincode" / "rules" / "loans.py"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert recomputed() == before


def test_a_running_chaincode_keeps_the_id_of_what_it_loaded(checkout: Path) -> None:
    """Files that are replaced under it are not what it decides by."""
    loaded = recomputed()
    identity.deciding.cache_clear()
    exim()
    rule = checkout / "eximledger_chaincode/rules/loans.py"
    rule.write_text(rule.read_text() + "# replaced\n")
    assert rule_set_id() == loaded != recomputed()


def test_nor_do_other_tables_change_how_it_compares_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for read in (scripts._to_simplified, scripts._readings, forms._behind, forms._before, comparison._compare):
        read.cache_clear()
    exim()

    def replaced(name: str) -> list[list[str]]:
        raise AssertionError(f"{name} is read again")

    for module in (scripts, forms):
        monkeypatch.setattr(module, "table_lines", replaced)
    assert comparison.compare_names("海上贸易有限公司", "Haishang Maoyi Ltd").why is comparison.Why.PINYIN


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("eximledger_chaincode/rules/loans.py", "item.amount > found.free", "item.amount >= found.free"),
        ("eximledger_chaincode/rules/basis/links.py", "compared_number", "filed_number"),
        ("eximledger_chaincode/lending/valuation.py", "timedelta(days=10)", "timedelta(days=11)"),
        ("eximledger_chaincode/documents/policy.py", "financed_percent: Percent = Decimal(80)", "= Decimal(90)"),
        ("eximledger_chaincode/documents/parts/names/spelling.py", '"о": "o"', '"о": "0"'),
        ("eximledger_chaincode/documents/parts/names/tables/legal_forms.csv", "gmbh mbh", "gmbh ag"),
        ("eximledger_chaincode/documents/parts/names/comparison.py", "_NEAR: Final = 85", "_NEAR: Final = 80"),
        ("eximledger_chaincode/contracts/casefile/assembling.py", "customs.declared", "customs.declared[:1]"),
        ("hlf_chaincode/canonical.py", "sort_keys=True", "sort_keys=False"),
    ],
)
def test_a_changed_rule_or_table_changes_it(checkout: Path, path: str, old: str, new: str) -> None:
    before, source = recomputed(), checkout / path
    text = source.read_text(encoding="utf-8")
    assert old in text
    source.write_text(text.replace(old, new), encoding="utf-8")
    assert recomputed() != before


@pytest.mark.parametrize("path", ["rules/more.py", "lending/table.csv", "documents/parts/codes.json"])
def test_so_does_one_more_module_or_table(checkout: Path, path: str) -> None:
    before = recomputed()
    (checkout / "eximledger_chaincode" / path).write_text("")
    assert recomputed() != before


@pytest.mark.parametrize("library", identity.LIBRARIES)
def test_so_does_another_version_of_a_library(monkeypatch: pytest.MonkeyPatch, fresh: None, library: str) -> None:
    before, installed = recomputed(), metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "0.0" if name == library else installed(name))
    assert recomputed() != before


def test_every_library_that_takes_part_is_named() -> None:
    names = {"stdnum": "python-stdnum", "pydantic_core": "pydantic-core"}
    imported = set[str]()
    for package, part in identity.PARTS:
        place = ROOT / "chaincode" / package / part
        for source in place.rglob("*.py") if place.is_dir() else [place]:
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module.partition(".")[0])
    foreign = imported - sys.stdlib_module_names - {"eximledger_chaincode", "hlf_chaincode"}
    foreign -= {"cryptography"}  # of consent alone, which customs' peers judge before there is a case
    assert {names.get(each, each) for each in foreign} == set(identity.LIBRARIES)


def test_one_more_rule_is_another_rule_set_and_another_evidence(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    """Under the names of another set it would still be other evidence: what it finds is hashed, too."""
    case = cases.case()
    before = reconcile(case)
    monkeypatch.setattr(reconciliation, "rule_set_id", lambda _: "2026.1+0000000000000000")
    assert reconcile(case).evidence_hash != before.evidence_hash
    monkeypatch.undo()
    application = case.application.document
    found = finding("NEW", Severity.INFORM, says(application, "purpose", "-"), en="New.", zh="新。")
    monkeypatch.setitem(RULES, "NEW", Rule("NEW", (Severity.INFORM,), "a test", lambda _: iter((found,))))
    after = reconcile(case)
    assert (after.rule_set, after.verdict, after.evidence) == (before.rule_set, before.verdict, before.evidence)
    assert after.evidence_hash != before.evidence_hash


def test_a_peer_of_another_rule_set_refuses_and_names_both() -> None:
    require_rule_set("", cases.TODAY)
    require_rule_set(rule_set_id(), cases.TODAY)
    with pytest.raises(Refused, match=r"rule set 2026\.1\+0123456789abcdef is asked for") as raised:
        require_rule_set("2026.1+0123456789abcdef", cases.TODAY)
    assert rule_set_id() in str(raised.value)
    assert not raised.value.retryable


async def test_a_check_by_another_rule_set_is_refused_and_writes_nothing() -> None:
    lending = await opened()
    await lending.apply()
    with pytest.raises(Refused, match="is asked for, and this peer decides by"):
        await lending.endorse(EXIMBANK, "loans:check", "L-1", "2026.1+0123456789abcdef")
    checked = await lending.endorse(EXIMBANK, "loans:check", "L-1", rule_set_id())
    assert Verdict.model_validate_json(checked.result).rule_set == rule_set_id()


def asked(python: str | Path, place: Path, **variables: str) -> str:
    script = ASKED.format(place=str(place))
    environment = {**os.environ, **variables}
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, env=environment, cwd=place)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the two wheels install."""
    target, place = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("place")
    for project in (ROOT, ROOT / "chaincode"):
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
        subprocess.run(build, check=True, capture_output=True, cwd=project)
    for wheel in target.glob("*.whl"):
        with ZipFile(wheel) as packed:
            packed.extractall(place)
    return place


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_an_installed_wheel_has_the_same_id_in_every_process(installed: Path, seed: str) -> None:
    assert asked(sys.executable, installed, PYTHONHASHSEED=seed) == rule_set_id()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_python_has_the_same_id(installed: Path, version: str, this_pythons: Callable[[str], str]) -> None:
    assert asked(this_pythons(version), installed) == rule_set_id()


@pytest.fixture
def this_pythons() -> Callable[[str], str]:
    """The interpreter of a version, where it has our libraries in our versions."""

    def find(version: str) -> str:
        if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
            return sys.executable
        python = shutil.which(f"python{version}")
        wanted = {name: metadata.version(name) for name in identity.LIBRARIES}
        script = f"from importlib.metadata import version as v; print({{n: v(n) for n in {list(wanted)}}} == {wanted})"
        found = None if python is None else subprocess.run([python, "-c", script], capture_output=True, text=True)
        if python is None or found is None or found.stdout.strip() != "True":
            pytest.skip(f"there is no Python {version} with our libraries in our versions")
        return python

    return find
