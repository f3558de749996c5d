"""Colours, the style sheet, icons and translations, read through ``resources.loader``."""
