"""Where the attacks are played: a victim, a robber whose server runs hostile chaincode, and what either has."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.eximledger_chaincode.contracts import trade
from tests.fabric.consortium import Members
from tests.fabric.people import Outcome, Person
from tests.fabric.trade import DONGYU, Bank, documents_in

from eximledger_chaincode.documents import Document, ExportDeclaration
from eximledger_chaincode.lending.loan import Loan, LoanState
from hlf_chaincode.protos.common.common_pb2 import Payload
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction

__all__ = ["ANYTHING", "ATTACKERS", "HOSTILE", "OWN", "TOO_FEW", "VICTIM", "Scene", "prepare_scene"]

VICTIM = "DY-VICTIM-1"
"""Eximbank's loan."""
OWN = "TB-OWN-1"
"""Tradebank's own, on papers that it has already financed."""
HOSTILE = "tests.fabric.hostile:hostile"
TOO_FEW = "ENDORSEMENT_POLICY_FAILURE"
ATTACKERS = ["maker", "checker", "admin"]
ANYTHING = "OR('TradebankMSP.peer')"


@dataclass(frozen=True)
class Scene:
    """Eximbank has a checked loan; tradebank has one of its own, and its server runs hostile chaincode."""

    members: Members
    victim: Bank
    declaration: ExportDeclaration
    invoice: Document
    stranger: ExportDeclaration
    """Of an exporter who has authorised nobody."""
    named: str
    """The key of the victim's loan in its bank's collection, as a public event told it."""

    def attacker(self, user: str = "maker") -> Person:
        return self.members.person("tradebank", user)

    def state_of(self, loan_id: str) -> LoanState:
        return self.victim.loan(loan_id).state

    @property
    def own_state(self) -> LoanState:
        """Of tradebank's own loan, as SAFE's peer has it."""
        loan = self.members.person("safe").ask("bank", "loans:get", OWN, "TradebankMSP")
        return Loan.model_validate_json(loan).state


def prepare_scene(members: Members) -> Scene:
    """On a network where everybody's papers are filed. The robber's server is still an honest one."""
    victim = Bank.of(members, "eximbank")
    victim.apply(DONGYU / "application.json", VICTIM)
    checked = victim.maker.submit("bank", "loans:check", VICTIM)
    victim.maker.wait_until_known(checked, "safe", "tradebank")
    own = Bank.of(members, "tradebank")
    own.apply(DONGYU / "tradebank" / "application.json", OWN)
    own.check(OWN)
    declaration = next(each for each in documents_in(DONGYU / "customs") if isinstance(each, ExportDeclaration))
    invoice = next(each for each in documents_in(DONGYU / "eximbank") if each.KIND == "invoice")
    stranger = trade.declaration(9100, exporter=trade.OTHER)
    customs = members.person("customs")
    customs.wait_until_known(customs.submit("customs", "documents:put", "declaration", stranger), "safe", "tradebank")
    return Scene(members, victim, declaration, invoice, stranger, json.loads(event_of(checked).payload)["loan"])


def event_of(outcome: Outcome) -> ChaincodeEvent:
    """What a transaction's block tells every member."""
    transaction = Transaction.FromString(Payload.FromString(outcome.envelope.payload).data)
    endorsed = ChaincodeActionPayload.FromString(transaction.actions[0].payload).action
    response = ProposalResponsePayload.FromString(endorsed.proposal_response_payload)
    return ChaincodeEvent.FromString(ChaincodeAction.FromString(response.extension).events)
