"""The mirror: an off-chain copy of what a member may see, in SQLite or PostgreSQL, for lists, searches and a bank's BI.

    engine = open_database("sqlite:///exim-mirror.db")
    async with eximledger.connect("embedded:exim.db", "eximbank") as ledger:
        await Mirror(ledger, engine).catch_up()      # or follow(), as a task
    page = MirrorReader(engine).loans(LoanFilter(states=("approved",)))

Fed by blocks and the private data that the member's own peer shows; what was read and how far are written in one
transaction of the database. It can be dropped and built again. May import values and pure functions of the chaincode,
and `hlf_client`; the desk does not know it, nor it the desk.
"""

from eximledger.mirror.metrics import MirrorMetrics
from eximledger.mirror.mirror import Mirror, PrivateLedger
from eximledger.mirror.reading import MirrorReader
from eximledger.mirror.schema.database import DEFAULT_DATABASE, open_database
from eximledger.mirror.schema.migrating import require_mirror, upgrade

__all__ = [
    "DEFAULT_DATABASE",
    "Mirror",
    "MirrorMetrics",
    "MirrorReader",
    "PrivateLedger",
    "open_database",
    "require_mirror",
    "upgrade",
]
