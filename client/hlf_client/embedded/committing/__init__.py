"""The committing side: transactions ordered, validated, written, and announced."""
