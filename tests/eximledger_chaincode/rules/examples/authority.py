"""Examples of the rules on who may decide, and by which policy."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.cases import (
    CHECKER,
    MAKER,
    bill,
    case,
    declaration,
    invoice,
    policy,
    record,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.roles import Person


def _of_eximbank(name: str) -> Person:
    return Person(msp_id="EximbankMSP", name=name)


def _maker_checker() -> list[Example]:
    fires, silent = of("MAKER-CHECKER")
    clerk = _of_eximbank("clerk")
    of_tradebank = Person(msp_id="TradebankMSP", name="checker")
    return [
        fires("the applicant", case(approving=CHECKER, applicants=(CHECKER,)), REJECT),
        fires("the applicant of an earlier version", case(approving=CHECKER, applicants=(CHECKER, clerk)), REJECT),
        fires("the applicant, spelt otherwise", case(approving=CHECKER, applicants=(_of_eximbank("ＣＨＥＣＫＥＲ"),)),
              REJECT),
        silent("another person than applied", case(approving=CHECKER, applicants=(clerk, MAKER))),
        silent("the same name at another bank", case(approving=CHECKER, applicants=(of_tradebank,))),
        silent("nobody decides", case(applicants=(CHECKER,))),
        fires("the writer of a paper", case(record(invoice(), written_by="checker"), approving=CHECKER), REJECT),
        fires("the writer of two", case(record(invoice(), written_by="Checker"), record(bill(), written_by="checker"),
                                        approving=CHECKER), REJECT, REJECT),
        fires("the writer of all papers", case(approving=MAKER), *[REJECT] * 4),
        fires("applicant and writer", case(
            record(invoice(), written_by="checker"), approving=CHECKER, applicants=(CHECKER,)), REJECT, REJECT),
        silent("somebody of customs with that name", case(record(declaration(), written_by="checker"),
                                                          approving=CHECKER)),
    ]  # fmt: skip


def _policy() -> list[Example]:
    fires, silent = of("POLICY")
    strict = policy(financed_percent=70)
    clerk = _of_eximbank("clerk")
    return [
        silent("the one it was applied under", case(policy=strict, policy_before=policy_hash(strict))),
        silent("papers on no ledger", case(policy=strict)),
        fires("another since", case(policy_before=policy_hash(strict))),
        fires("a percent more since", case(policy=policy(financed_percent=71), policy_before=policy_hash(strict))),
        fires("the applicant proposed it", case(applicants=(clerk,), policy_by=(clerk, CHECKER))),
        fires("an applicant confirmed it", case(applicants=(MAKER, clerk), policy_by=(CHECKER, _of_eximbank("Clerk")))),
        fires("applicants alone made it", case(applicants=(MAKER, clerk), policy_by=(MAKER, clerk)), REFER, REFER),
        silent("others made it", case(applicants=(clerk,), policy_by=(MAKER, CHECKER))),
        silent("others made it, who decide", case(applicants=(clerk,), policy_by=(MAKER, CHECKER), approving=CHECKER)),
    ]


EXAMPLES = [*_maker_checker(), *_policy()]
