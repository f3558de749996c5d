"""Measurements of a whole call, beside a browser client in the same run."""
