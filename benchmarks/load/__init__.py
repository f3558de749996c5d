"""Load: many live sessions at once, with the requests that two desktop clients each send."""
