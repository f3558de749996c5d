"""The report of a run: what it says, what must not leave the machine, and its file."""
