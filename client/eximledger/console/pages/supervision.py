"""What SAFE looks at across banks."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eximledger.console._asked import At, Desk
from eximledger.console._pages import pages
from eximledger.console._rendering import rendered
from eximledger.supervision import (
    Dimension,
    ReportTable,
    Supervisor,
    consent_tables,
    duplicate_tables,
    exposure_tables,
    hold_tables,
    matching_tables,
)
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.time import day_in_china
from hlf_client.errors import NotAuthorized

__all__ = ["router"]

router: Final = pages()


@router.get("/supervision")
async def supervision(here: At, desk: Desk) -> Response:
    """Exposure, duplicates, declarations over-held, consents and matching, read from the ledger at every call."""
    if here.officer is None or here.officer.role is not Role.FX_BUREAU:
        raise NotAuthorized("supervision is SAFE's")
    supervisor, language = Supervisor(desk.ledger, clock=here.clock), here.language
    tables: list[ReportTable] = []
    for by in Dimension:
        tables += exposure_tables(await supervisor.exposure(by), language)
    tables += duplicate_tables(await supervisor.duplicates(), language)
    tables += hold_tables(await supervisor.holds(), language)
    tables += consent_tables(await supervisor.consents(), language)
    tables += matching_tables(await supervisor.matching(), language)
    return rendered(here, "supervision", tables=tables, today=day_in_china(here.clock()))
