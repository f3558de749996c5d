"""The queries of the service, one module per aggregate; they take a session and never commit."""
