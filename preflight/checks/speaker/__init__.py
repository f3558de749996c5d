"""The loudspeaker: one open device, a file for each question about it."""
