"""Trust in certificates as the operating system has it.

The SDK uses the system's store; a bundle of our own would disagree with it behind a company's
proxy, and a check would pass where the call fails.
"""

import ssl

import truststore


def system_trust() -> ssl.SSLContext:
    """Return a client context over the system's certificate store."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
