"""Screening by what a bank has itself: its own lists, and what two of its persons cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eximledger_chaincode.contracts.state.keys import WATCH_LISTS_KEY
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.contracts.watchlists.clearing import read_clearings
from eximledger_chaincode.contracts.watchlists.directory import directory_of, holding
from eximledger_chaincode.contracts.watchlists.searching import search
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject

__all__ = ["has_own", "screen_own"]


def has_own(stored: bytes | None) -> bool:
    """Whether a bank has lists or clearings of its own, by the value of their key: else nobody need be asked."""
    directory = directory_of(stored)
    return bool(directory.own or directory.clearings)


async def screen_own(
    vault: Vault, day: date, subjects: Sequence[Subject], foreign: Sequence[str], least: int
) -> Screened:
    """The bank's own part of a case's screening."""
    directory = directory_of(await vault.get(WATCH_LISTS_KEY))
    lists = holding(directory.own, day, foreign)
    hits, omitted = await search(vault, lists, subjects, least)
    clearings = await read_clearings(vault, [subject.digest for subject in subjects]) if directory.clearings else ()
    return Screened(own_lists=lists, hits=hits, omitted=omitted, clearings=clearings)
