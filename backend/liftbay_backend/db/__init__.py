"""Engines, tables, status triggers and the unit of work."""
