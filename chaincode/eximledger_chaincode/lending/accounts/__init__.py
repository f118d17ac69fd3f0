"""What a loan owes and holds as its life goes on: interest, its account on a day, and what repayments free."""
