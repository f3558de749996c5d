"""Composition root, event loop, profiles, crash handling and the ``liftbay`` command."""
