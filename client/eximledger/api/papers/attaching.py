"""Files beside papers: scans that are kept and never read; the hash on the ledger, the bytes in the bank's store."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, File, Query, Response, UploadFile, status

from eximledger.api._asking import BankName, Exporter
from eximledger.api._guarded import KEYED, Desk, Guarded
from eximledger.api.papers.reading import KindName, PaperName
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT, MEDIA_TYPES, Attachment

__all__ = ["ATTACHMENTS", "router"]

router: Final = APIRouter(tags=["papers"], route_class=Guarded)

ATTACHMENTS: Final = "/paper/attachments"


@router.post(ATTACHMENTS, status_code=status.HTTP_201_CREATED, dependencies=[KEYED])
async def attach_file(
    desk: Desk,
    kind: KindName,
    name: PaperName,
    file: Annotated[UploadFile, File(description=f"Of one of the types {', '.join(MEDIA_TYPES)}, up to 20 MiB.")],
    exporter: Exporter = "",
) -> Attachment:
    """Attach a scan to a paper of this bank's. The same file again changes nothing."""
    content = await file.read(MAX_ATTACHMENT + 1)
    return await desk.attach(kind, name, file.filename or "file", content, exporter=exporter)


@router.get(ATTACHMENTS)
async def list_attachments(
    desk: Desk, kind: KindName, name: PaperName, exporter: Exporter = "", bank: BankName = ""
) -> list[Attachment]:
    """What is attached to a paper, in the order in which it came."""
    return await desk.attachments(kind, name, exporter=exporter, bank=bank)


@router.get(
    f"{ATTACHMENTS}/content",
    response_class=Response,
    responses={200: {"description": "The file.", "content": {each: {} for each in MEDIA_TYPES}}},
)
async def get_attachment(
    desk: Desk,
    kind: KindName,
    name: PaperName,
    which: Annotated[str, Query(min_length=1, max_length=200, description="Its SHA-256, eight digits of it, or name.")],
    exporter: Exporter = "",
) -> Response:
    """One file of this bank's, whose bytes are those whose hash stands on the ledger."""
    found, content = await desk.attachment(kind, name, which, exporter=exporter)
    disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(content, media_type=found.media_type, headers={"Content-Disposition": disposition})
