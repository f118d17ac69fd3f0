"""Scans beside a paper: shown, taken along, attached. Nothing reads what is in them."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import Response

from eximledger.console._asked import At, Desk, redirected
from eximledger.console._pages import pages
from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import KINDS, Kept
from eximledger_chaincode.documents.attached.attachment import MAX_ATTACHMENT, Attachment
from hlf_client.errors import InvalidDocument

__all__ = ["attached_to", "router"]

router: Final = pages()


async def attached_to(desk: LoanDesk, kind: str, id: str, bank: str) -> list[Attachment]:
    """What is attached to a paper; only a bank's own papers have any."""
    if KINDS[kind].kept is not Kept.OWN:
        return []
    return await desk.attachments(kind, id, bank=bank)


@router.post("/papers/attach")
async def attach_file(here: At, desk: Desk) -> Response:
    """Attach a scan: its hash goes on the ledger, its bytes into the bank's store."""
    fields = await here.request.form(max_files=1)
    kind, number, file = (fields.get(name) for name in ("kind", "number", "file"))
    if not isinstance(kind, str) or not isinstance(number, str) or not number:
        raise InvalidDocument("number: say which paper", field="number", reason="no paper")
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidDocument("file: no file was chosen", field="file", reason="no file")
    content = await file.read(MAX_ATTACHMENT + 1)
    await desk.attach(kind, number, file.filename, content)
    return redirected(here, f"/papers/{quote(kind, safe='')}", number=number, done="attached")


@router.get("/papers/{kind}/file")
async def attached_file(desk: Desk, kind: str, number: str, which: str) -> Response:
    """One file, whose hash is that on the ledger. Always taken along, never opened as a page."""
    found, content = await desk.attachment(kind, number, which)
    name = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(content, media_type=found.media_type, headers={"Content-Disposition": name})
