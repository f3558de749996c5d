"""The camera: one open device, a file for each question about it."""
