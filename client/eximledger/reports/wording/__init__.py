"""What reports say in words of their own: a proposal, a source, what is to be done next; in both languages."""
