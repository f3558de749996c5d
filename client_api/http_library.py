"""The only module that imports httpx and stamina; `transport` takes them from here, made lean.

Left alone, both load what the client never uses wherever it happens to be installed: httpx its
command line with rich and pygments (7 MB, 0.1 s), stamina at the first repeat its exporters for
Prometheus and structlog (5 MB).
"""

import sys

_COMMAND_LINE = "httpx._main"
# httpx does without it when it cannot be imported, and this is how an import is made to fail.
sys.modules.setdefault(_COMMAND_LINE, None)  # type: ignore[arg-type]  # documented for imports

import httpx  # noqa: E402 - the line above counts only before this import
import httpx_sse  # noqa: E402 - it imports httpx itself
import stamina  # noqa: E402 - kept in one place with the others
from stamina.instrumentation import set_on_retry_hooks  # noqa: E402 - as above

if sys.modules.get(_COMMAND_LINE) is None:
    sys.modules.pop(_COMMAND_LINE, None)
# A repeat is nothing to report: the last answer tells what matters.
set_on_retry_hooks([])

__all__ = ["httpx", "httpx_sse", "stamina"]
