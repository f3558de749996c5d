"""Colours, the style sheet, icons, sounds and translations, read through ``resources.loader``."""
