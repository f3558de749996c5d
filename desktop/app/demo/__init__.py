"""The demo: service, media server and two clients that go through one whole session."""
