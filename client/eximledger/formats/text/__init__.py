"""Text of papers as values: numbers, dates, terms of the trade. Imported by every reader; imports none."""
