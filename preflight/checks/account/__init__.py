"""Account and session: whether the service will let this person join, asked before any device."""
