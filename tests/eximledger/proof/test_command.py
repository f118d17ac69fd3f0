"""`eximledger proof verify` as an auditor uses it: what it takes, what it says, in which words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Answer, call
from tests.eximledger.proof.conftest import Court

from eximledger.cli.proof import _BUREAU
from eximledger.proof import BUREAU, TrustFile
from hlf_client.wire.evidence import read_block


class Auditor:
    """A folder with the proof, a trust file, and each member's CA certificate."""

    def __init__(self, court: Court, folder: Path) -> None:
        self.folder = folder
        self.genesis = read_block(court.genesis).hash
        self.take("loan.proof.json", court.file.content)
        self.take("bank.trust.json", TrustFile.of(read_block(court.genesis)).content)
        self.take("bank.block", court.genesis)
        for each in (court.bank, court.safe, court.orderers):
            self.take(f"{each.msp_id}.pem", each.authority.pem)

    def take(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def named(self, *msp_ids: str) -> list[str]:
        return [option for msp_id in msp_ids for option in ("--trust", f"{msp_id}={self.folder / msp_id}.pem")]

    def __call__(self, *options: object) -> Answer:
        return call("proof", "verify", self.folder / "loan.proof.json", *options)


@pytest.fixture
def auditor(court: Court, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Auditor:
    for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Auditor(court, tmp_path)


@pytest.mark.parametrize("pinned", ["bank.trust.json", "bank.block"])
def test_one_file_says_which_network_and_whom_to_trust(auditor: Auditor, pinned: str) -> None:
    answer = auditor("--trust", pinned)
    assert answer.code == 0, answer.err
    facts: dict[str, str] = {}
    for name, _, value in (line.partition("  ") for line in answer.out.splitlines()):
        facts.setdefault(name, value.strip())
    assert answer.out.startswith("The decision is proven.\n")
    assert facts["Decision"] == "approved"
    assert facts["Computed by peers of"] == facts["Stood according to"] == "EximbankMSP, SafeMSP"
    assert (facts["Stood on"], facts["State then"]) == ("2026-05-20 09:30:00 UTC", "disbursed")
    assert (facts["Channel"], facts["First block"]) == ("bank (exim)", auditor.genesis)
    assert facts["OrdererMSP"].startswith("orders blocks")
    assert facts["SafeMSP"].startswith("member")
    assert answer.out.endswith("what happened to the loan since, nor that the papers are true.\n")


def test_authorities_can_be_named_one_by_one(auditor: Auditor) -> None:
    ordering = ("--orderer", "OrdererMSP=OrdererMSP.pem")
    named = auditor.named("EximbankMSP", "SafeMSP")
    answer = auditor(*named, *ordering, "--genesis", auditor.genesis, "--json")
    assert answer.code == 0, answer.err
    decision = json.loads(answer.out)["decision"]
    assert (decision["network"], decision["attested_by"]) == (auditor.genesis, ["EximbankMSP", "SafeMSP"])
    without = auditor(*named, *ordering)
    assert (without.code, "which network is meant was not said" in without.err) == (1, True)
    as_member = auditor(*named, *auditor.named("OrdererMSP"), "--genesis", auditor.genesis)
    assert (as_member.code, "no trusted authority vouches for a signer of OrdererMSP" in as_member.err) == (1, True)


def test_an_authority_without_a_name_is_refused_in_one_sentence(auditor: Auditor) -> None:
    for options in (("--trust", "SafeMSP.pem"), ("--trust", "bank.trust.json", "--orderer", "OrdererMSP.pem")):
        answer = auditor(*options)
        assert answer.code == 1
        assert "was not said: name the member, as SafeMSP=" in answer.err
        assert answer.err.count("\n") == 1


@pytest.mark.parametrize(("options", "why"), [
    (("--channel", "trial"), "of channel bank, and the proof shall be of trial"),
    (("--chaincode", "mixe"), "is of chaincode exim, not of mixe"),
    (("--genesis", "0" * 64), "two networks are meant"),
    (("--genesis", "none"), "64 hex digits"),
    (("--bureau", "BureauMSP"), "no peer of BureauMSP has signed it"),
    (("--require", "CustomsMSP"), "no peer of CustomsMSP has signed it"),
], ids=str)  # fmt: skip
def test_what_is_asked_for_beyond_that_must_hold(auditor: Auditor, options: tuple[str, str], why: str) -> None:
    answer = auditor("--trust", "bank.trust.json", *options)
    assert answer.code == 1
    assert why in answer.err


def test_the_bureau_is_required_though_nobody_says_so(auditor: Auditor, court: Court) -> None:
    assert _BUREAU == BUREAU
    alone = (court.bank.peer, court.bank.peer)
    auditor.take("loan.proof.json", court.but(endorsers=alone, attesters=alone).file.content)
    answer = auditor("--trust", "bank.trust.json")
    assert (answer.code, answer.err) == (1, "Error: no peer of SafeMSP has signed it\n")
