"""Sharing the screen: whether it is allowed, and whether there is something to see."""
