"""Backups of the embedded service, and what any database needs after it was put back."""
