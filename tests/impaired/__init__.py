"""A line between two network namespaces that a test can make slow, lossy, narrow or half closed."""
