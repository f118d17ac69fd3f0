"""The toolkit's pages on tests and errors, run as they stand: in Python, and in Node and Java where at hand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.docs.shell import Shell, shell_blocks
from tests.docs.snippets import DOCS, python_blocks, run_page

from hlf_chaincode.errors import NotFound

TOLD = "chaincode response 404, " + NotFound("there is no asset asset9", id="asset9").to_message()


BLOCKS = {
    "README.md": 1,  # here
    "testing.md": 1,  # here
    "first-contract.md": 6,  # the first here, all of them on Fabric: tests/fabric/test_first_contract.py
    "typed-clients.md": 1,  # there, too
    "hlf.md": 2,  # there, and in tests/fabric/test_hlf_command.py
}
"""Shell blocks of each page, all of which are run."""


def test_every_shell_block_is_known() -> None:
    found = {page.name: len(shell_blocks(page)) for page in sorted((DOCS / "toolkit").glob("*.md"))}
    assert {name: count for name, count in found.items() if count} == BLOCKS


def test_the_first_blocks_of_the_pages_run_without_a_network(tmp_path: Path) -> None:
    shell = Shell(tmp_path, {"PYTEST_ADDOPTS": "-p no:cacheprovider"})
    ((_, test),) = python_blocks(DOCS / "toolkit/README.md")
    (tmp_path / "test_assets.py").write_text(test)
    assert "1 passed" in shell.run(shell_blocks(DOCS / "toolkit/README.md")[0])
    shell.run(shell_blocks(DOCS / "toolkit/testing.md")[0])
    assert "1 passed" in shell.run(shell_blocks(DOCS / "toolkit/first-contract.md")[0])


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / "toolkit/errors.md").read_text(), re.DOTALL | re.M)
    return str(found)


def test_a_contract_is_tested_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(DOCS / "toolkit" / "testing.md")


def test_the_page_shows_what_is_sent() -> None:
    assert TOLD in (DOCS / "toolkit/errors.md").read_text()


def test_node_reads_an_error() -> None:
    node = shutil.which("node") or pytest.skip("no node on this machine")
    call = f"console.log(JSON.stringify(contractError({json.dumps({'details': [{'message': TOLD}]})})))"
    done = subprocess.run([node, "-e", block("javascript") + call], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "status": 404, "error": "NotFound", "message": "there is no asset asset9", "details": {"id": "asset9"}
    }  # fmt: skip


def test_java_reads_an_error(tmp_path: Path) -> None:
    java = shutil.which("java") or pytest.skip("no java on this machine")
    body = f'System.out.print(String.join("\\n", contractError({json.dumps(TOLD)}).get()));'
    source = f"class Told {{\n{block('java')}\npublic static void main(String[] a) {{ {body} }} }}\n"
    (tmp_path / "Told.java").write_text(source)
    done = subprocess.run([java, str(tmp_path / "Told.java")], capture_output=True, text=True, check=True)
    status, told = done.stdout.split("\n")
    assert (status, json.loads(told)["error"]) == ("404", "NotFound")
