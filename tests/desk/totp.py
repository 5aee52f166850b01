"""What an authenticator app does."""

from __future__ import annotations

import base64
import hmac
import struct
import time


def code(secret: str) -> str:
    """The six digits an authenticator app shows (RFC 6238, appendix A, for SHA-1)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"
