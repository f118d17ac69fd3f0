"""Customs' form on the command line: customs files its own declaration, the bank the exporter's copy of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.eximledger.formats.customs_form import FORM, message, pdf

Exim = Callable[..., "Answer"]  # the fixture's type lives in conftest.py


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    (tmp_path / "message.xml").write_bytes(message(FORM, "GB2312"))
    (tmp_path / "print.pdf").write_bytes(pdf(FORM))
    return tmp_path


def test_customs_files_the_message_and_the_bank_the_print(exim: Exim, forms: Path) -> None:
    filed = exim("document", "put", forms / "message.xml", "--as-declarations", "--as", "customs", "--json")
    assert filed.code == 0, filed.err
    assert json.loads(filed.out)[0]["documents"][0]["kind"] == "declaration"
    copied = exim("document", "put", forms / "print.pdf", "--json")
    assert copied.code == 0, copied.err
    assert json.loads(copied.out)[0]["documents"][0]["kind"] == "declaration-copy"
    record = exim("document", "get", "declaration", FORM.number, "--as", "customs", "--json").json
    assert record["issuer"] == "CustomsMSP"


def test_a_bank_files_no_declaration_and_customs_no_copy(exim: Exim, forms: Path) -> None:
    assert exim("document", "put", forms / "message.xml", "--as-declarations").code != 0
    assert exim("document", "put", forms / "message.xml", "--as", "customs").code != 0


def test_one_paper_is_not_both(exim: Exim, forms: Path) -> None:
    answer = exim("document", "put", forms / "message.xml", "--as-declarations", "--as-copies")
    assert "one paper is not both" in answer.err
