"""Two banks with the same papers on two declarations, and SAFE with its secret: for the tests of the register."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    SAFE,
    TRADEBANK,
    TRADEBANK_CHECKER,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope, Identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import LoanApplication
from eximledger_chaincode.lending.matching import Generations, Rekeying
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.verdict import Verdict


@dataclass(slots=True)
class Register:
    """Two banks with the same papers, and what they do in a word each."""

    lending: Lending

    async def apply(self, loan: LoanApplication, bank: Identity = EXIMBANK) -> None:
        await self.lending.apply(loan, bank)
        await self.lending.check(loan.loan_id, bank)

    async def both_applied(self) -> Register:
        """A loan of each bank on the same papers, both matched."""
        await self.apply(trade.application())
        await self.apply(theirs(), TRADEBANK)
        return self

    async def decision(self, loan_id: str) -> Envelope:
        return await self.lending.decision(loan_id, CHECKER if loan_id.startswith("L") else TRADEBANK_CHECKER)

    async def approve(self, loan_id: str) -> None:
        self.lending.ledger.commit(await self.decision(loan_id))

    async def facts(self, loan_id: str) -> LoanFacts:
        who = EXIMBANK if loan_id.startswith("L") else TRADEBANK
        return LoanFacts.model_validate_json((await self.lending.endorse(who, "loans:facts", loan_id)).result)

    async def standings(self, loan_id: str) -> set[tuple[PaperStanding, bool]]:
        return {(match.standing, match.same_bank) for match in (await self.facts(loan_id)).matches}

    async def rules(self, loan_id: str) -> set[str]:
        who = EXIMBANK if loan_id.startswith("L") else TRADEBANK
        verdict = Verdict.model_validate_json((await self.lending.endorse(who, "loans:preview", loan_id)).result)
        return {each.rule for each in verdict.findings if each.severity in {"reject", "refer"}}

    # -- SAFE's ----------------------------------------------------------------------------------------------------

    async def endorsed_by_safe(self, who: Identity, function: str, *arguments: object) -> Envelope:
        """At SAFE's peer, and by it alone."""
        ledger = self.lending.ledger
        return await ledger.endorse(who, "bank", function, *arguments, endorsers=["SafeMSP"], at="SafeMSP")

    async def at_safe(self, who: Identity, function: str, *arguments: object) -> object:
        envelope = await self.endorsed_by_safe(who, function, *arguments)
        self.lending.ledger.commit(envelope)
        return json.loads(envelope.result)

    async def rotate(self) -> Generations:
        return Generations.model_validate(await self.at_safe(SAFE, "register:rotate"))

    async def open(self, generation: int = 0, days: int = 0) -> None:
        day = APPLIED + timedelta(days=days)
        await self.lending.ledger.submit(SAFE, "bank", "calendar:open", day, generation)

    async def pairs(self, bank: str, *loan_ids: str) -> Rekeying:
        answer = await self.lending.ledger.endorse(SAFE, "bank", "register:pairs", bank, loan_ids, at="SafeMSP")
        return Rekeying.model_validate_json(answer.result)

    async def rekey(self, pairs: Rekeying, endorsers: tuple[str, ...] = ("SafeMSP", "TradebankMSP")) -> object:
        return await self.lending.ledger.submit(SAFE, "bank", "register:rekey", pairs, endorsers=endorsers)

    async def match_by_safe(self, loan_id: str, bank: str) -> None:
        await self.at_safe(SAFE, "register:match", loan_id, bank)

    async def retire(self) -> None:
        await self.at_safe(SAFE, "register:retire")

    # -- what everybody sees ---------------------------------------------------------------------------------------

    def public(self, kind: str) -> dict[str, bytes]:
        values = self.lending.ledger.channels["bank"].values
        wanted = f"\x00{kind}\x00"
        return {key: value for (collection, key), value in values.items() if not collection and wanted in key}

    def rows(self) -> dict[str, dict[str, str]]:
        return {key.split("\x00")[2]: json.loads(value)["marks"] for key, value in self.public("financed").items()}


def theirs(loan_id: str = "T-1", serial: int = 3) -> LoanApplication:
    """A loan of Tradebank on the papers of the first declaration and on another declaration."""
    loan = trade.application(loan_id)
    other = loan.declarations[0].model_copy(update={"declaration_number": trade.number_of(serial)})
    return loan.model_copy(update={"declarations": (other,)})


def loses(register: Register, envelope: Envelope) -> None:
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        register.lending.ledger.commit(envelope)


async def founded_register() -> Register:
    """Papers of three exports at Eximbank, and those of the first at Tradebank as well."""
    lending = await opened(1, 2, 3)
    await lending.file_papers(1, bank=TRADEBANK)
    return Register(lending)
