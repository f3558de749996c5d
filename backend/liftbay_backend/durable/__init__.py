"""Work that must happen after a commit, once, whatever crashes in between."""
