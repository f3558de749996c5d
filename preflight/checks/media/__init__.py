"""The media path: one trial call through the media server, looked at from many sides."""
