"""Everything that proves Liftbay: unit, Qt, contract, integration, end to end, gallery."""
