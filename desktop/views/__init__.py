"""Widgets: they render page states and press commands, and decide nothing."""
