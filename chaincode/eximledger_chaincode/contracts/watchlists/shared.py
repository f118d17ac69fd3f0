"""Screening by SAFE's lists, which bind every bank."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.state.keys import WATCH_LISTS_KEY
from eximledger_chaincode.contracts.state.shelves import OpenShelf
from eximledger_chaincode.contracts.watchlists.directory import directory_of, holding
from eximledger_chaincode.contracts.watchlists.searching import search
from eximledger_chaincode.lending.screening.hits import Screened
from eximledger_chaincode.lending.screening.subjects import Subject
from eximledger_chaincode.lending.time import day_in_china
from hlf_chaincode.contract import Context

__all__ = ["screen_shared"]


async def screen_shared(context: Context, subjects: Sequence[Subject], foreign: Sequence[str], least: int) -> Screened:
    """SAFE's part of a case's screening: every list that binds, foreign ones where they are named."""
    shelf = OpenShelf(context.stub)
    directory = directory_of(await shelf.get(WATCH_LISTS_KEY))
    lists = holding(directory.shared, day_in_china(context.timestamp), foreign)
    hits, omitted = await search(shelf, lists, subjects, least)
    return Screened(lists=lists, hits=hits, omitted=omitted)
