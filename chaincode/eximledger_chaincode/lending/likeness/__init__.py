"""How a paper is known again: its fingerprints, and the voyages of its containers."""
