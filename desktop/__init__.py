"""The Qt program: call, view models, media, views and the composition root."""
