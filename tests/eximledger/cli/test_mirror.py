"""`eximledger mirror`, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.eximledger.cli.conftest import Exim

from eximledger.mirror.schema.views import VIEWS


def test_a_mirror_is_made_looked_at_and_built_anew(exim: Exim, dongyu: Path) -> None:
    assert exim("document", "put", dongyu / "customs", "--as", "customs").code == 0
    nothing = exim("mirror", "status")
    assert (nothing.code, "mirror run" in nothing.err) == (1, True)
    assert not Path("exim-mirror.db").exists()
    ran = exim("mirror", "run", "--once", "--as", "customs", "--json")
    assert ran.code == 0, ran.err
    (channel,) = json.loads(ran.out)["channels"]
    assert (channel["channel"], channel["awaited"]) == ("customs", 0)
    assert exim("mirror", "status", "--json").json["channels"] == [channel]
    assert "区块" in exim("mirror", "status", "--lang", "zh").out
    assert exim("mirror", "rebuild", "--as", "customs").code == 0
    other = exim("mirror", "run", "--once", "--as", "safe")
    assert (other.code, "mirror of CustomsMSP" in other.err) == (1, True)


def test_views_are_listed_and_read(exim: Exim, dongyu: Path) -> None:
    listed = json.loads(exim("mirror", "views", "--json").out)
    assert [each["view"] for each in listed] == [view.name for view in VIEWS]
    assert exim("document", "put", dongyu / "customs", "--as", "customs").code == 0
    assert exim("mirror", "run", "--once", "--as", "customs").code == 0
    assert json.loads(exim("mirror", "views", "overdue", "--json").out) == []
    wrong = exim("mirror", "views", "nonsense")
    assert (wrong.code, "there are exposure_by_exporter" in wrong.err) == (1, True)


def test_wrong_addresses_are_said(exim: Exim, dongyu: Path) -> None:
    assert "sqlite:///PATH" in exim("mirror", "status", "--database", "mysql://x").err
    assert exim("mirror", "run", "--once").code == 1
    assert not Path("exim.db").exists()
    assert exim("document", "put", dongyu / "customs", "--as", "customs").code == 0
    assert "HOST:PORT" in exim("mirror", "run", "--once", "--as", "customs", "--metrics", "nowhere").err
