"""The service behind Liftbay: sessions, clock, rooms and settlement."""
