"""ISO 20022 cash management: credits of statements and notifications as FX receipts."""
