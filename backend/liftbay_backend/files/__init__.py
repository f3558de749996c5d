"""Files that people share in a session: where their bytes lie and how they arrive."""
