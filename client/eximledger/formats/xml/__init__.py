"""XML papers: from bytes to a tree that knows which of its values were read."""
