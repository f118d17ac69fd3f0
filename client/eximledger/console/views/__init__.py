"""What a page shows of a loan, a paper or a balance: plain values, made without the web and without a ledger."""
