"""The machine: whether it can keep a call going for as long as it was booked."""
