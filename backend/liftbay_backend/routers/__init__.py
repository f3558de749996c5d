"""HTTP routes: every module here has a `router` that the app factory includes."""
