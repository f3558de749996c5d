"""What this machine remembers between runs, and how long it counts."""
