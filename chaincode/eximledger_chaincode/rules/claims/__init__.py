"""Rules on the claim that is pledged: whether an invoice makes one and for whom, and whether it was paid."""
