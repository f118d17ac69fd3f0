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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from eximledger_chaincode.documents import Value
from eximledger_chaincode.documents.parts.base import Second, Version, Whole
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.documents.parts.record import Hex256
from eximledger_chaincode.lending.likeness.fingerprints import Fingerprint, Similarity
from eximledger_chaincode.lending.register import PaperFingerprint, PaperMatch, PaperStanding

__all__ = [
    "MAX_MARKS",
    "OF_PAPERS",
    "ContainerTokens",
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
    "likenesses",
    "mark_of",
    "matches_in",
    "token_set",
    "tokens_of",
]

MAX_MARKS: Final = 100
"""Marks kept under one token; more of them would say nothing new."""
_TOKEN_DIGITS: Final = 32
OF_PAPERS: Final = (
    Similarity.EXACT, Similarity.ALL_BUT_NUMBER, Similarity.ALL_BUT_AMOUNT, Similarity.ALL_BUT_DATE,
    Similarity.ALL_BUT_PARTIES,
)  # fmt: skip
"""How two papers are alike, the closest first; the other likenesses are of containers."""

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


class ContainerTokens(Value):
    """One container's tokens: of its sailing, where the paper names one, and of its weeks."""

    number: str
    sailing: Token | None = None
    weeks: tuple[Token, ...] = ()

    @property
    def every(self) -> tuple[tuple[Similarity, Token], ...]:
        """Each by what it tells."""
        sailing = () if self.sailing is None else ((Similarity.SAME_SAILING, self.sailing),)
        return (*sailing, *((Similarity.UNDER_WAY, week) for week in self.weeks))


class TokenSet(Value):
    """A paper's tokens of one generation."""

    generation: Version
    tokens: dict[Similarity, Token]
    containers: tuple[ContainerTokens, ...] = ()

    @property
    def every(self) -> tuple[Token, ...]:
        """All of them, in an order that is the same in every generation."""
        of_containers = (token for each in self.containers for _, token in each.every)
        return (*(self.tokens[each] for each in OF_PAPERS), *of_containers)


class PaperTokens(Value):
    """A paper as it was looked up: `exact` is its fingerprint's digest, which tells its traits apart."""

    kind: str
    id: str
    exact: Hex256
    sets: tuple[TokenSet, ...]

    def of_generation(self, generation: int) -> TokenSet | None:
        return next((each for each in self.sets if each.generation == generation), None)

    @property
    def every(self) -> tuple[Token, ...]:
        """All tokens, of whichever generation."""
        return tuple(token for each in self.sets for token in each.every)

    def of_likeness(self, similarity: Similarity) -> tuple[Token, ...]:
        """Those of one of `OF_PAPERS`, of whichever generation."""
        return tuple(each.tokens[similarity] for each in self.sets)

    @property
    def of_containers(self) -> Iterator[tuple[str, Similarity, tuple[Token, ...]]]:
        """Each sailing and week of each container, by the container's number, with its tokens of every generation. One
        by one: a loan leaves a mark in the row of each."""
        for generations in zip(*(each.containers for each in self.sets), strict=True):
            for told in zip(*(each.every for each in generations), strict=True):
                yield generations[0].number, told[0][0], tuple(token for _, token in told)


class LoanTokens(Value):
    """The tokens of all papers that were looked up for a loan."""

    kind: Literal["loan-tokens"] = "loan-tokens"
    schema_version: Second = 2
    papers: tuple[PaperTokens, ...] = ()

    def of_paper(self, paper: PaperFingerprint) -> PaperTokens | None:
        """The tokens of a paper as it is now; None where it was not looked up, or has other traits since."""
        wanted = (paper.kind, paper.id, paper.fingerprint.digest)
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
    pairs: Annotated[tuple[RekeyPair, ...], Field(max_length=20_000)] = ()


def fingerprint_hashes(fingerprint: Fingerprint) -> Mapping[Similarity, str]:
    """The five hashes by what they leave out, the closest likeness first."""
    return {
        Similarity.EXACT: fingerprint.exact,
        Similarity.ALL_BUT_NUMBER: fingerprint.all_but_number,
        Similarity.ALL_BUT_AMOUNT: fingerprint.all_but_amount,
        Similarity.ALL_BUT_DATE: fingerprint.all_but_date,
        Similarity.ALL_BUT_PARTIES: fingerprint.all_but_parties,
    }


def likenesses(fingerprint: Fingerprint) -> Iterator[tuple[Similarity, str]]:
    """All hashes by what they tell, the closest likeness first."""
    yield from fingerprint_hashes(fingerprint).items()
    for each in fingerprint.containers:
        if each.sailing is not None:
            yield Similarity.SAME_SAILING, each.sailing
    yield from ((Similarity.UNDER_WAY, week) for each in fingerprint.containers for week in each.weeks)


def tokens_of(secret: bytes, fingerprint: Fingerprint) -> dict[Similarity, str]:
    """A paper's tokens under one generation's secret, by likeness."""
    return {similarity: _token(secret, value) for similarity, value in fingerprint_hashes(fingerprint).items()}


def token_set(generation: int, secret: bytes, fingerprint: Fingerprint) -> TokenSet:
    """All of a paper's tokens under one generation's secret, its containers' included."""
    containers = tuple(
        ContainerTokens(
            number=each.number,
            sailing=None if each.sailing is None else _token(secret, each.sailing),
            weeks=tuple(_token(secret, week) for week in each.weeks),
        )
        for each in fingerprint.containers
    )
    return TokenSet(generation=generation, tokens=tokens_of(secret, fingerprint), containers=containers)


def _token(secret: bytes, value: str) -> str:
    return hmac.digest(secret, value.encode(), "sha256").hex()[:_TOKEN_DIGITS]


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
        if looked_up is not None:
            found.update(_matches_of(loan_id, paper, looked_up, rows, own))
    return tuple(sorted(found, key=_order))


def _order(match: PaperMatch) -> tuple[str, str, str, str, str, bool]:
    return match.kind, match.id, match.similarity, match.container, match.standing, match.same_bank


def _matches_of(
    loan_id: str,
    paper: PaperFingerprint,
    looked_up: PaperTokens,
    rows: Mapping[str, FinancedRow],
    own: Mapping[str, str],
) -> Iterator[PaperMatch]:
    """One paper's. That a container is on another paper is told beside any likeness but the same paper, which says so
    already."""
    exact, same = _told_apart(looked_up.of_likeness(Similarity.EXACT), rows, own)
    for standing in exact:
        yield _match(paper, Similarity.EXACT, standing, same_bank=False)
    for loan in same.keys() - {loan_id}:
        yield _match(paper, Similarity.EXACT, same[loan], same_bank=True)
    known = {loan_id, *same}
    for likeness in OF_PAPERS[1:]:
        others, mine = _told_apart(looked_up.of_likeness(likeness), rows, own)
        for standing in others - exact:
            yield _match(paper, likeness, standing, same_bank=False)
        for loan in mine.keys() - known:
            yield _match(paper, likeness, mine[loan], same_bank=True)
        known |= mine.keys()
    for number, likeness, tokens in looked_up.of_containers:
        others, mine = _told_apart(tokens, rows, own)
        for standing in others - exact:
            yield _match(paper, likeness, standing, same_bank=False, container=number)
        for loan in mine.keys() - {loan_id, *same}:
            yield _match(paper, likeness, mine[loan], same_bank=True, container=number)


def _told_apart(
    tokens: Iterable[str], rows: Mapping[str, FinancedRow], own: Mapping[str, str]
) -> tuple[Counter[PaperStanding], dict[str, PaperStanding]]:
    """The marks in the rows of tokens: other banks' counted by standing, the bank's own loans with theirs."""
    marks: dict[str, PaperStanding] = {}
    for token in tokens:
        row = rows.get(token)
        marks |= row.marks if row is not None else {}
    others = Counter(standing for mark, standing in marks.items() if mark not in own)
    return others, {own[mark]: standing for mark, standing in marks.items() if mark in own}


def _match(
    paper: PaperFingerprint, similarity: Similarity, standing: PaperStanding, *, same_bank: bool, container: str = ""
) -> PaperMatch:
    return PaperMatch(
        kind=paper.kind, id=paper.id, similarity=similarity, standing=standing, same_bank=same_bank, container=container
    )
