"""Alembic's folder: how the tables came to be what they are. A migration that was released is not changed."""
