"""The checks that prove camera, microphone and network before anybody pays for a minute."""
