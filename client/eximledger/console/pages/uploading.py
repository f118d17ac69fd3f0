"""Filing papers: read them, show what was read, and file just that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from eximledger.console._asked import At, Desk, form_of, outcomes, redirected, staged
from eximledger.console._here import Here
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.console._staged import Outcome
from eximledger.console.views.filing import file_each
from eximledger.console.views.papers import Row, rows_of
from eximledger.formats import Unmapped, read
from eximledger_chaincode.documents import DeclarationCopy, Document, ExportDeclaration
from hlf_client.errors import InvalidDocument

__all__ = ["router"]

router: Final = pages()

_FILES: Final = 200
"""So many files are taken at once; more come by the command line."""


@dataclass(frozen=True, slots=True)
class _Paper:
    kind: str
    number: str
    dated: object
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """One file as the preview shows it."""

    name: str
    format: str
    documents: tuple[_Paper, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Preview:
    id: str
    files: Sequence[_File]
    documents: int


@router.get("/upload")
async def upload_form(here: At) -> Response:
    """The form."""
    return rendered(here, "upload", staged=None, problem="")


@router.post("/upload")
async def upload_preview(here: At) -> Response:
    """Read the files, keep what was read for this session, and show it; nothing is filed."""
    fields = await here.request.form(max_files=_FILES)
    exporter = str(fields.get("exporter", "")).strip().upper() or None
    here.form = {"exporter": exporter or ""}
    files = [each for each in fields.getlist("files") if isinstance(each, UploadFile) and each.filename]
    if not files:
        return rendered(here, "upload", status=422, staged=None, problem=here.word("No file was chosen."))
    shown, documents = [], list[Document]()
    for each in files:
        file, found = await _read(here, each, exporter, as_copies=fields.get("as_copies") == "yes")
        shown.append(file)
        documents += found
    kept = staged(here.request).keep(here.account, documents)
    return rendered(here, "upload", staged=_Preview(kept, shown, len(documents)), problem="")


@router.post("/upload/file")
async def file_papers(here: At, desk: Desk) -> Response:
    """File what the preview showed; an application among it is applied for, once the papers are there."""
    fields = await form_of(here.request)
    documents = staged(here.request).take(here.account, fields.get("staged", ""))
    done = await file_each(desk, documents)
    left = [each.document for each in done.refused] + list(done.waiting)
    # what is refused now may be taken in a moment
    outcome = Outcome(done, staged(here.request).keep(here.account, left) if left else "")
    if not done.filed and not done.loans:
        return _told(here, outcome, status=type(done.refused[0].error).status if done.refused else 200)
    return redirected(here, "/upload/filed", outcome=outcomes(here.request).keep(here.account, outcome))


@router.get("/upload/filed")
async def show_filed(here: At, outcome: str = "") -> Response:
    """What became of the papers that were filed: to load it again files nothing."""
    return _told(here, outcomes(here.request).look(here.account, outcome))


def _told(here: Here, outcome: Outcome, *, status: int = 200) -> Response:
    done = outcome.done
    refused = [(each, here.refusal(each.error)) for each in done.refused]
    return rendered(
        here, "filed", status=status, filed=done.filed, loans=done.loans, refused=refused, waiting=done.waiting,
        staged=outcome.staged,
    )  # fmt: skip


async def _read(
    here: Here, upload: UploadFile, exporter: str | None, *, as_copies: bool
) -> tuple[_File, list[Document]]:
    name, content = upload.filename or "", await upload.read()
    try:
        reading = await asyncio.to_thread(read, content, name=name, exporter=exporter)
    except InvalidDocument as error:
        return _File(name, "", problem=here.refusal(error)), []
    documents = [_as_copy(each) if as_copies else each for each in reading.documents]
    return _File(name, reading.format, _shown(documents), tuple(reading.unmapped)), documents


def _shown(documents: Sequence[Document]) -> tuple[_Paper, ...]:
    return tuple(_Paper(each.KIND, each.number, each.dated, rows_of(each)) for each in documents)


def _as_copy(document: Document) -> Document:
    return DeclarationCopy.of(document) if isinstance(document, ExportDeclaration) else document
