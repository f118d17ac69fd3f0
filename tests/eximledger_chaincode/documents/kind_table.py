"""The table of docs/kinds.md, as the table of kinds makes it.

`python -m tests.eximledger_chaincode.documents.kind_table` writes it into the page, between its two markers.
"""

from __future__ import annotations

from pathlib import Path

from eximledger_chaincode.documents import KINDS, Kept, Kind, Need

PAGE = Path(__file__).resolve().parents[3] / "docs" / "kinds.md"
BEGIN, END = "<!-- kinds: begin -->\n", "<!-- kinds: end -->\n"

NEEDS = {
    None: "is not among a case's papers",
    Need.ALWAYS: "is named by the application, always",
    Need.BY_POLICY: "may be named by the application; a policy may ask for it",
    Need.LOOKED_UP: "is looked up",
}

SEEN = {
    Kept.OPEN: "every member",
    Kept.OWN: "its bank, SAFE",
    Kept.SHARED: "its writer, SAFE; banks have copies, as far as the exporter has authorised it",
}


def row(kind: Kind) -> str:
    cells = (
        f"`{kind.name}`", f"{kind.words.en}, {kind.words.zh}", kind.channel, f"role {kind.writer}",
        SEEN[kind.kept], NEEDS[kind.need], "yes" if kind.fingerprinted else "",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """One row for each kind, in the table's own order."""
    head = ["| kind | called | channel | written by | seen by | in a case it | fingerprint |", "|---" * 7 + "|"]
    return "\n".join([*head, *(row(kind) for kind in KINDS.values())]) + "\n"


def parts() -> tuple[str, str, str]:
    """The page before, between and after the markers."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")
