"""Papers in XML, alone or several in one envelope: each is read by its own reader."""

from __future__ import annotations

from eximledger.formats._clues import XmlRoot
from eximledger.formats._detect import row_of
from eximledger.formats._envelopes import papers_in
from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._known import Format, Found, Papers
from eximledger.formats.xml.parsing import parse
from eximledger.formats.xml.tree import Node, leftovers
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_papers"]


def read_papers(row: Format, source: bytes) -> Found:
    """The one paper by the reader of `row`; of several, each by the one that its root tells."""
    papers = papers_in(parse(source))
    if len(papers) == 1:
        return _read(row, papers[0][1])
    gathered = Gathered()
    for place, paper in papers:
        try:
            row, name = row_of(XmlRoot(paper.namespace, paper.name))
            with soundly(name):
                gathered.add(place, *_read(row, paper))
        except InvalidDocument as error:
            gathered.miss(place, error)
    gathered.require_some()
    return tuple(gathered.documents), tuple(gathered.unmapped)


def _read(row: Format, paper: Node) -> Found:
    if not isinstance(row.read, Papers):
        reason = f"is a {row.name} among others; send it by itself"
        raise InvalidDocument(f"the paper {reason}", field=paper.path, reason=reason)
    return row.read.of(paper), leftovers(paper)
