"""Scans beside a paper by HTTP: attached by a maker, read by the bank, by nobody else."""

from __future__ import annotations

from typing import Final

from tests.eximledger.server import running
from tests.eximledger_chaincode.rules.cases import invoice

from eximledger.desk import LoanDesk
from eximledger.serving.admission import Scope
from eximledger.testing import LedgerNetwork

AT: Final = "/api/v1/paper/attachments"
SCAN: Final = b"%PDF-1.7\n" + bytes(2 * 1024 * 1024)
PAPER: Final = {"kind": "invoice", "name": invoice().number}


async def test_a_scan_is_attached_and_read_by_its_bank_alone(exim_network: LedgerNetwork) -> None:
    await LoanDesk(exim_network.connect("eximbank")).file([invoice()])
    async with running(exim_network) as server:
        maker, checker = await server.program("eximbank/maker"), await server.program("eximbank/checker")
        reader = await server.program("eximbank/maker", Scope.READ)
        other, customs = await server.program("tradebank/maker"), await server.program("customs/officer")
        file = {"file": ("提单.pdf", SCAN)}
        for program, refusal in ((checker, 403), (reader, 403), (customs, 403), (other, 404)):
            assert (await program.post(AT, params=PAPER, files=file)).status_code == refusal
        done = await maker.post(AT, params=PAPER, files=file)
        assert (done.status_code, done.json()["name"]) == (201, "提单.pdf")
        assert (await maker.post(AT, params=PAPER, files={"file": ("a.svg", b"<svg/>")})).status_code == 400
        assert [each["sha256"] for each in (await checker.get(AT, params=PAPER)).json()] == [done.json()["sha256"]]
        asked = PAPER | {"which": done.json()["sha256"]}
        taken = await checker.get(f"{AT}/content", params=asked)
        assert (taken.content, taken.headers["content-type"]) == (SCAN, "application/pdf")
        assert (await other.get(f"{AT}/content", params=asked)).status_code == 404
        assert (await customs.get(f"{AT}/content", params=asked)).status_code == 403
