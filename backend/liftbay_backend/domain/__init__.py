"""The service's rules as pure functions and tables; no I/O, no clock, no framework."""
