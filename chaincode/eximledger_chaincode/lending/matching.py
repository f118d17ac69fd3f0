"""Matching papers among all banks by tokens that nobody can guess: values and pure functions.

A fingerprint is a plain hash of guessable traits, so it never leaves the bank's and SAFE's collections. What stands
publicly is the token: the fingerprint's hash keyed with a secret that SAFE's peers alone have. Under a token's public
row every loan that has such a paper leaves a mark; marks of one loan in two rows cannot be told to be one's.

The secret has generations. While SAFE re-keys, a paper has tokens of two; what the day's generation says is written,
both are looked up.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Second, Version, Whole
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.fingerprints import Fingerprint, Similarity
from eximledger_chaincode.lending.register import PaperFingerprint, PaperMatch, PaperStanding

__all__ = [
    "MAX_MARKS",
    "FinancedRow",
    "Generations",
    "LoanTokens",
    "Matched",
    "MatchingUsage",
    "PaperTokens",
    "Presented",
    "RekeyPair",
    "Rekeying",
    "Token",
    "TokenSet",
    "fingerprint_hashes",
    "mark_of",
    "matches_in",
    "tokens_of",
]

MAX_MARKS: Final = 100
"""Marks kept under one token; more of them would say nothing new."""
_TOKEN_DIGITS: Final = 32

Token = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""A token, or a mark: 128 bits in hex."""


class Presented(Value):
    """The papers that a loan has put before the register, by their fingerprints as both peers computed them; each was
    counted once."""

    kind: Literal["presented"] = "presented"
    schema_version: Second = 2
    papers: tuple[PaperFingerprint, ...] = ()

    def missing(self, papers: Iterable[PaperFingerprint]) -> tuple[PaperFingerprint, ...]:
        """Those that were not put before it yet."""
        known = set(self.papers)
        return tuple(dict.fromkeys(paper for paper in papers if paper not in known))

    def with_papers(self, papers: Iterable[PaperFingerprint]) -> Presented:
        return self.model_copy(update={"papers": (*self.papers, *papers)})


class MatchingUsage(Value):
    """How many papers a bank has put before the register on a business day, and how many it may."""

    bank: MspId
    day: str
    papers: Whole
    limit: Whole


class Generations(Value):
    """The generations of the matching secret; `previous` while its tokens are still looked up."""

    kind: Literal["matching-generations"] = "matching-generations"
    schema_version: Second = 2
    current: Version
    previous: Version | None = None

    @property
    def live(self) -> tuple[int, ...]:
        """Those whose tokens are looked up, the current one first."""
        return (self.current,) if self.previous is None else (self.current, self.previous)


class TokenSet(Value):
    """A paper's tokens of one generation."""

    generation: Version
    tokens: dict[Similarity, Token]


class PaperTokens(Value):
    """A paper as it was looked up: `exact` is its fingerprint's first hash, which tells its traits apart."""

    kind: str
    id: str
    exact: Hex256
    sets: tuple[TokenSet, ...]

    def of_generation(self, generation: int) -> TokenSet | None:
        return next((each for each in self.sets if each.generation == generation), None)


class LoanTokens(Value):
    """The tokens of all papers that were looked up for a loan."""

    kind: Literal["loan-tokens"] = "loan-tokens"
    schema_version: Second = 2
    papers: tuple[PaperTokens, ...] = ()

    def of_paper(self, paper: PaperFingerprint) -> PaperTokens | None:
        """The tokens of a paper as it is now; None where it was not looked up, or has other traits since."""
        wanted = (paper.kind, paper.id, paper.fingerprint.exact)
        return next((each for each in self.papers if (each.kind, each.id, each.exact) == wanted), None)

    def has(self, paper: PaperFingerprint, generation: int) -> bool:
        """Whether the paper was looked up under a generation."""
        found = self.of_paper(paper)
        return found is not None and found.of_generation(generation) is not None


class Matched(Value):
    """What looking up answers: never what was found, which is for the loan's facts to say."""

    generation: Version
    papers: Whole


class FinancedRow(Value):
    """What stands publicly under a token: by mark what became of a loan that has such a paper."""

    marks: dict[Token, PaperStanding] = Field(default_factory=dict)

    def with_mark(self, mark: str, standing: PaperStanding) -> FinancedRow:
        """With the loan's mark; the gravest are kept, so that what does not fit says least."""
        grave = list(PaperStanding)
        ordered = sorted({**self.marks, mark: standing}.items(), key=lambda item: (grave.index(item[1]), item[0]))
        return FinancedRow(marks=dict(ordered[:MAX_MARKS]))

    def without(self, mark: str) -> FinancedRow:
        return FinancedRow(marks={each: standing for each, standing in self.marks.items() if each != mark})


class RekeyPair(Value):
    """One mark on its way from a row of the previous generation to the current one's."""

    old: Token
    new: Token
    old_mark: Token
    new_mark: Token


class Rekeying(Value):
    """What SAFE moves to a generation in one transaction."""

    generation: Version
    pairs: Annotated[tuple[RekeyPair, ...], Field(max_length=2000)] = ()


def fingerprint_hashes(fingerprint: Fingerprint) -> Mapping[Similarity, str]:
    """The five hashes by what they leave out, the closest likeness first."""
    return {
        Similarity.EXACT: fingerprint.exact,
        Similarity.ALL_BUT_NUMBER: fingerprint.all_but_number,
        Similarity.ALL_BUT_AMOUNT: fingerprint.all_but_amount,
        Similarity.ALL_BUT_DATE: fingerprint.all_but_date,
        Similarity.ALL_BUT_PARTIES: fingerprint.all_but_parties,
    }


def tokens_of(secret: bytes, fingerprint: Fingerprint) -> dict[Similarity, str]:
    """A paper's tokens under one generation's secret."""
    return {
        similarity: hmac.digest(secret, value.encode(), "sha256").hex()[:_TOKEN_DIGITS]
        for similarity, value in fingerprint_hashes(fingerprint).items()
    }


def mark_of(loan_secret: str, token: str) -> str:
    """A loan's mark in the row of a token: another in each row."""
    return hmac.digest(bytes.fromhex(loan_secret), token.encode(), "sha256").hex()[:_TOKEN_DIGITS]


def matches_in(
    loan_id: str,
    papers: Sequence[PaperFingerprint],
    tokens: LoanTokens,
    rows: Mapping[str, FinancedRow],
    own: Mapping[str, str],
) -> tuple[PaperMatch, ...]:
    """What other loans have of these papers. `rows` by token; `own` are the bank's own marks with their loans.

    Of the bank's own loans each counts by its closest likeness. Other banks' loans are not to be told apart: whoever is
    under the exact token is under all near ones as well, so of these as many are left out, by standing.
    """
    found: set[PaperMatch] = set()
    for paper in papers:
        looked_up = tokens.of_paper(paper)
        if looked_up is None:
            continue
        exact: Counter[PaperStanding] = Counter()
        own_loans: set[str] = {loan_id}
        for similarity in Similarity:
            marks = _marks_of(looked_up, similarity, rows)
            others = Counter(standing for mark, standing in marks.items() if mark not in own)
            mine = {own[mark]: standing for mark, standing in marks.items() if mark in own}
            for standing in others - exact:
                found.add(_match(paper, similarity, standing, same_bank=False))
            for loan in sorted(mine.keys() - own_loans):
                found.add(_match(paper, similarity, mine[loan], same_bank=True))
            own_loans |= mine.keys()
            exact = others if similarity is Similarity.EXACT else exact
    return tuple(sorted(found, key=lambda each: (each.kind, each.id, each.similarity, each.standing, each.same_bank)))


def _marks_of(paper: PaperTokens, similarity: Similarity, rows: Mapping[str, FinancedRow]) -> dict[str, PaperStanding]:
    """All marks under the paper's tokens of a likeness, of whichever generation."""
    found: dict[str, PaperStanding] = {}
    for each in paper.sets:
        row = rows.get(each.tokens[similarity])
        found |= row.marks if row is not None else {}
    return found


def _match(paper: PaperFingerprint, similarity: Similarity, standing: PaperStanding, *, same_bank: bool) -> PaperMatch:
    return PaperMatch(kind=paper.kind, id=paper.id, similarity=similarity, standing=standing, same_bank=same_bank)
