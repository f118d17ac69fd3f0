"""From blocks to rows: what a written value means, and how rows come into the database. Imports no ledger's kind."""
