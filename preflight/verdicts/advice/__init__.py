"""The advisory checks as data, by group: what they warn of, never what holds Join back."""
