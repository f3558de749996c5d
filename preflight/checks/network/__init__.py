"""The network: the way to the service and into a room, a file for each question about it."""
