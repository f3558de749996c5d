"""Base widgets every page is made of; they know the theme and no page."""
