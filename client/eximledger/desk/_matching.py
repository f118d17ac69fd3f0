"""Papers looked up among all banks, by SAFE's peer alone."""

from __future__ import annotations

from eximledger.desk.calling import Calls
from eximledger_chaincode.contracts.state.names import BANK
from eximledger_chaincode.lending.matching import Generations
from hlf_client.errors import Refused
from hlf_client.private import Answered

__all__ = ["look_up", "present", "read_generations"]


async def look_up(calls: Calls, loan_id: str) -> bool:
    """Have SAFE's peer look up what a loan has put before the register; False while SAFE has made no secret for it. A
    verdict says of papers that were not looked up that they were not (DUP-UNMATCHED)."""
    try:
        await calls.submit(BANK, "register:match", loan_id, answered=Answered.NOT)
    except Refused:
        return False
    return True


async def present(calls: Calls, loan_id: str, rule_set: str) -> bool:
    """Put papers before the register that came after the application, and have them looked up. Whether they were."""
    await calls.submit(BANK, "loans:check", loan_id, rule_set, answered=Answered.NOT)
    return await look_up(calls, loan_id)


async def read_generations(calls: Calls) -> Generations | None:
    """The generations of the matching secret; None while there is none."""
    try:
        return await calls.ask(Generations, BANK, "register:generations")
    except Refused:
        return None
