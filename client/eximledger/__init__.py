"""The SDK: connect to a ledger, open a case, reconcile, decide. Depends on the chaincode package only."""
