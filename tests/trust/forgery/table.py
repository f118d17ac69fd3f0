"""The matrix as Markdown, for docs/forgery-table.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tests.trust.forgery.forged import FORGED
from tests.trust.forgery.held_back import HELD_BACK, Attempt
from tests.trust.forgery.impostors import KINDS
from tests.trust.forgery.matrix import ELSEWHERE, Matrix
from tests.trust.forgery.persons import PERSONS
from tests.trust.forgery.rights import (
    CHECKERS,
    GROUPS,
    LATE_STATES,
    LOAN_STEPS,
    ONE_AND_THE_SAME,
    PENDING,
    PEOPLE,
    STATES,
    WALK,
    People,
    Row,
)

__all__ = ["markdown"]

HEAD: Final = """# Who was let do what

Written by `make trust` (tests/trust/forgery), which plays one export and its loans on an embedded ledger; the ordinary
tests fail when this page is no longer what they see. The same steps are played on real Fabric by
tests/fabric/test_forgery.py and tests/fabric/test_persons.py. What was expected is tests/trust/forgery/rights.py; what
it means is [security-model.md](security-model.md).

Every function of every contract is tried on every channel by all of these, with the same arguments; nothing on any
channel changes; then the one whom it is due to takes it with those arguments, and it is valid. So a refusal is for the
person, not for the arguments. **Who is not named in a line is refused as not authorized (403, `NotAuthorized`).**

## Who tries

The lender is tradebank; of its people the bank is left out. A person is the organisation and `hf.EnrollmentID`, else
the common name; a new certificate makes no new person.
"""
WRITES: Final = """
## Steps

*Let do it*: endorsed, and valid when ordered. *Too late*: authorized, but there is nothing to be done (422, `Refused`).
*Wrong*: what it says is another bank's, or does not say whose (400, `InvalidDocument`). *None there*: another bank has
no such loan (404, `NotFound`). Arguments go by transient where a contract takes them so.
"""
STATES_HEAD: Final = """
## Every step of a loan at every state

Of a loan that the maker applied for; to the last two states it comes by the day alone, which only the embedded ledger's
clock is moved for. In a cell: who is let do it; *too late*: those whom the step is due to at other
states are told that it cannot be taken (422). To the other bank there is no such loan (404) at any state: what it
applies for under that name is a loan of its own. All others are refused (403). Approving is due to checkers but the
maker; that head made the policy is seen where there is something to approve.
"""
FALSE: Final = """
## The same steps, by the rightful person's name on a certificate that is not good

*Under another member's name*: the rightful certificate, said to be of another MSP. *With another key*: the rightful
certificate, signed for with a key that is not its own. *On another channel*: the rightful person, on each channel where
this is not done. *Genuine, issued anew* is made as the false ones are, to show what they are refused for.
"""
READS: Final = """
## The lender's private papers

Every query on every channel, naming the lender where a bank is named, before the exporter has revoked anything.
*Papers*: the answer holds what stands in a private paper; *other*: it does not; *none there*: 404; *wrong channel* 422.
"""
HELD: Final = """
## A bank that holds back

The lender has a step endorsed by its own peer and SAFE's, keeps it, and has it ordered later.
"""
FORGED_HEAD: Final = """
## Forged parts

The lender's checker signs, and the parts are not what two honest peers gave; two lines show what does count.
"""


def markdown(writes: Matrix, elsewhere: Matrix, reads: Matrix) -> str:
    """The whole page."""
    parts = [
        HEAD, _persons(), WRITES, _steps(writes), _elsewhere(elsewhere), STATES_HEAD, _states(writes), FALSE,
        _false(writes), READS, _reads(reads), HELD, _attempts(HELD_BACK), FORGED_HEAD, _attempts(FORGED),
    ]  # fmt: skip
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _persons() -> str:
    words = "; ".join(f"*{name}*: {', '.join(_sorted(people))}" for name, people in ONE_AND_THE_SAME.items())
    groups = f"One person each: {words}.\n\n*Checkers*: {', '.join(_sorted(CHECKERS))}."
    return _table(("name", "certificate"), ((name, each.said) for name, each in PERSONS.items())) + f"\n\n{groups}"


def _sorted(people: People) -> list[str]:
    return [person for person in PEOPLE if person in people]


def _seen(cells: Mapping[str, tuple[str, str]], answer: str) -> People:
    return frozenset(person for person in PEOPLE if cells[person][1] == answer)


def _named(people: People) -> str:
    """People by the fewest names."""
    if not people:
        return "-"
    names = []
    for name, group in GROUPS.items():
        if group <= people:
            names.append(name)
            people -= group
    if people and people <= CHECKERS and (but := _but(CHECKERS - people)) is not None:
        return ", ".join([*names, f"checkers{but}"])
    for name, group in ONE_AND_THE_SAME.items():
        if group <= people:
            names.append(name)
            people -= group
    return ", ".join([*names, *_sorted(people)])


def _but(missing: People) -> str | None:
    """Who of the checkers are left out, where they are whole persons and few."""
    names = [name for name, group in ONE_AND_THE_SAME.items() if group & CHECKERS <= missing]
    covered = frozenset[str]().union(*(ONE_AND_THE_SAME[name] & CHECKERS for name in names))
    if covered != missing or len(names) == len(ONE_AND_THE_SAME):
        return None
    return f" but {' and '.join(names)}" if names else ""


def _steps(matrix: Matrix) -> str:
    rows = []
    for row, cells in matrix.cells.items():
        if row not in WALK:
            channel, function, thing = row
            answers = [_named(_seen(cells, answer)) for answer in ("yes", "422", "400", "404")]
            rows.append((channel, f"`{function}`", thing, *answers))
    return _table(("channel", "function", "of", "let do it", "too late", "wrong", "none there"), rows)


def _elsewhere(matrix: Matrix) -> str:
    seen = [answer for cells in matrix.cells.values() for _, answer in cells.values()]
    return (
        "On channels where they are not done all of these were tried by everybody, too: "
        f"{len(matrix.cells)} functions and channels,\n{seen.count('yes')} times let do it, {seen.count('422')} times "
        f"refused by the contract (422), {seen.count('403')} times as nobody of the channel (403)."
    )


def _states(matrix: Matrix) -> str:
    rows = []
    for step in LOAN_STEPS:
        cells = [_at(matrix, ("bank", f"loans:{step}", state), state) for state in (*STATES, *LATE_STATES)]
        rows.append((f"`{step}`", *cells))
    return _table(("step", *STATES, *LATE_STATES), rows)


def _at(matrix: Matrix, row: Row, state: str) -> str:
    if row not in WALK:
        assert state in PENDING
        return "as above"
    cells = matrix.cells[row]
    return _named(_seen(cells, "yes")) if _seen(cells, "yes") else "too late"


def _false(matrix: Matrix) -> str:
    """Certificates that were refused wherever they were tried stand in one line."""
    columns = (*KINDS, ELSEWHERE)
    tried = {row: cells for row, cells in matrix.cells.items() if any(column in cells for column in columns)}
    rows = []
    for column in columns:
        seen: dict[str, int] = {}
        for cells in tried.values():
            for answer in cells[column][1].split() if column in cells else ():
                seen[answer] = seen.get(answer, 0) + 1
        rows.append((column, *(str(seen.get(answer, 0)) for answer in ("yes", "403", "422"))))
    return _table(("certificate", "let do it", "refused (403)", "refused (422)"), rows)


def _reads(matrix: Matrix) -> str:
    """One line for all queries that answer everybody alike."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for (channel, function, _), cells in matrix.cells.items():
        answers = tuple(_named(_seen(cells, answer)) for answer in ("papers", "other", "404", "422"))
        alike.setdefault((channel, *answers), []).append(f"`{function}`")
    rows = ((channel, ", ".join(names), *answers) for (channel, *answers), names in alike.items())
    return _table(("channel", "function", "papers", "other", "none there", "wrong channel"), rows)


def _attempts(attempts: Mapping[str, Attempt]) -> str:
    return _table(("what", "then", "outcome"), ((each.what, each.then, f"`{each.code}`") for each in attempts.values()))
