"""The payment port, the built-in test provider and the ledger."""
