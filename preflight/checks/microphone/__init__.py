"""The microphone: one open device, a file for each question about it."""
