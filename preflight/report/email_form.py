"""E-mail addresses as they stand in text: in words, quotes, URLs and JSON within a log line.

Pure. The local part is taken whole, as RFC 5322 and RFC 6531 let it be: an apostrophe that is no
part of it would leave half of a name. What stands before it without a blank goes with it.
"""

import re

_LOCAL = r"[^\s\"(),:;<>@\uff20\[\]\\]"
"""All but blanks and what must be quoted; any sign of any script."""
_QUOTED = r"\\*\"(?:[^\"\\\r\n]|\\.){1,64}?\\*\""
"""Its quotes may be escaped once more, as in JSON within a line."""
_COMMENT = r"(?:\([^()\r\n]{0,64}\))?"
_AT = r"(?:@|\uff20|%(?:25)*40)"
_SIGN = r"(?:(?!\s)[\w\x80-\U0010ffff-])"
_HOST = (
    # A number is no host: 1280x720@30.00 and 1280x720@30fps are modes of a camera.
    rf"(?:(?=[\d.-]*[^\W\d_]){_SIGN}+(?:\.{_SIGN}+)+"
    # A machine without a domain.
    rf"|[^\W\d_]{_SIGN}*"
    r"|(?:\d{1,3}\.){3}\d{1,3}"
    r"|\[[^\]\s]{1,60}\])"
)

EMAIL = re.compile(rf"(?<!{_LOCAL})(?:{_LOCAL}*{_QUOTED}{_LOCAL}*|{_LOCAL}+){_COMMENT}{_AT}{_HOST}")
