"""LoanDesk: open a case, reconcile, decide, disburse, repay, resume."""
