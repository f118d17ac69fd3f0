"""Papers come in: as JSON documents, or as the files that people have."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, File, Form, Query, UploadFile, status
from pydantic import BaseModel, ConfigDict, Field

from eximledger.api._guarded import KEYED, Desk, Guarded, problems
from eximledger.desk import Change, Filed
from eximledger.formats import Reading, Unmapped, read
from eximledger_chaincode.contracts.papers.answers import AnyDocument
from eximledger_chaincode.documents import Document, Entry
from hlf_client.errors import InvalidDocument

__all__ = ["UPLOADS", "Upload", "router"]

router: Final = APIRouter(tags=["papers"], route_class=Guarded)

UPLOADS: Final = "/papers/files"
_AT_ONCE: Final = 2
_MOST: Final = 500
_readers = asyncio.Semaphore(_AT_ONCE)
"""Files that are read at one time: reading takes a processor for itself."""


class FiledPaper(BaseModel):
    """A document as the ledger now has it, and what filing it changed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    entry: Entry
    change: Change


class Upload(BaseModel):
    """What a file holds, what of it no document holds, and, unless it was only read, what was filed."""

    model_config = ConfigDict(frozen=True)

    name: str
    format: str
    documents: tuple[AnyDocument, ...]
    unmapped: tuple[Unmapped, ...] = ()
    filed: tuple[FiledPaper, ...] | None = None


@router.post("/papers", status_code=status.HTTP_201_CREATED, response_model=list[FiledPaper], dependencies=[KEYED])
async def file_papers(
    desk: Desk, documents: Annotated[list[AnyDocument], Field(min_length=1, max_length=_MOST)]
) -> list[Filed]:
    """File documents, each kind on its channel. The same content again changes nothing."""
    return await desk.file(documents)


@router.post(UPLOADS, responses=problems(415), dependencies=[KEYED])
async def upload_papers(
    desk: Desk,
    file: Annotated[UploadFile, File(description="A paper in any format that docs/formats.md lists.")],
    exporter: Annotated[
        str, Form(pattern="^([0-9A-Z]{18})?$", description="The USCC of the exporter, of papers that do not carry it.")
    ] = "",
    dry_run: Annotated[bool, Query(description="Only read it, and show what would be filed.")] = False,
) -> Upload:
    """Read a file, and file the documents that it holds."""
    name = file.filename or "file"
    reading = await _read(await file.read(), name, exporter)
    filed: list[Filed] | None = None
    if not dry_run:
        filed = await desk.file(_papers(reading, name))
    return Upload(
        name=name,
        format=reading.format,
        documents=reading.documents,
        unmapped=reading.unmapped,
        filed=None if filed is None else tuple(FiledPaper.model_validate(each) for each in filed),
    )


async def _read(content: bytes, name: str, exporter: str) -> Reading:
    async with _readers:
        return await asyncio.to_thread(read, content, name=name, exporter=exporter or None)


def _papers(reading: Reading, name: str) -> tuple[Document, ...]:
    if not reading.documents:
        raise InvalidDocument(f"{name} holds no paper that could be filed", field="file", reason="holds no paper")
    return reading.documents
