"""The media server as the service needs it: a port, and its adapter over LiveKit's room API."""
