"""The mirror's database: tables, views, and the migrations that make them. Imports no ledger."""
