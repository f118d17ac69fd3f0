"""Readers of watch lists as their publishers give them out.

The UN's consolidated XML, OFAC's SDN in advanced XML, the EU's consolidated XML (1.1), and plain CSV for lists that are
published as notices.

`read_list` tells the format by the file's first element or line. Lists are large, so XML is read entry by entry.
"""

from __future__ import annotations

from eximledger.formats.watch.lists import ListReading, read_list

__all__ = ["ListReading", "read_list"]
