"""Whether two papers mean the same party.

By USCC where both carry one. Otherwise by name, without case, punctuation and legal form: one of the names of either
must equal one of the other's. A name that is only contained in another ("Dongyu" in "Dongyu Trading") is another party:
a false alarm costs an officer a minute, a miss costs the loan.
"""

from __future__ import annotations

from eximledger_chaincode.documents import Party, normal_name

__all__ = ["same_party", "told_apart"]


def same_party(left: Party | None, right: Party | None) -> bool:
    """False when either is missing."""
    if left is None or right is None:
        return False
    if left.uscc is not None and right.uscc is not None:
        return left.uscc == right.uscc
    theirs = {normal_name(name) for name in right.names}
    return any(normal_name(name) in theirs for name in left.names)


def told_apart(left: Party, right: Party) -> tuple[str, str]:
    """Two different parties as a message names them: by name, and where both have the same one, by USCC too."""
    if left.name != right.name or left.uscc is None or right.uscc is None:
        return left.name, right.name
    return f"{left.name} ({left.uscc})", f"{right.name} ({right.uscc})"
