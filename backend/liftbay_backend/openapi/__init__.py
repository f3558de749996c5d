"""What the service says about itself at /openapi.json; nothing that serves a request uses it."""
