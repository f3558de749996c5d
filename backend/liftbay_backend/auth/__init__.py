"""Who is asking: access tokens, the mechanic's cookie, passwords, rate limits."""
