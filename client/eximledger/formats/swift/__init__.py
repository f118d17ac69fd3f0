"""SWIFT MT messages (FIN): statements and advices of credits as receipts."""
