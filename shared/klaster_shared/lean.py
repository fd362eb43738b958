"""Imported before all else by a process that serves: libraries draw these in where they happen to be installed.

They come with tools for development (rich and pygments colour tracebacks that our logs write plainly) and with a
server's way of starting anew when a file changes (watchfiles). A process that serves uses none of them, and each of
the four would hold eight megabytes for them.
"""

import ctypes
import sys

UNUSED = ("rich", "pygments", "watchfiles")

for name in UNUSED:
    sys.modules.setdefault(name, None)  # type: ignore[arg-type] # the language's way to say that there is no such module

# Of glibc's allocator, <malloc.h>. Each thread would have an arena of its own, and each connection of SQLite has a
# thread: one after the other grows and gives nothing back. The interpreter's lock lets in one at a time anyway.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 128 * 1024  # goes back to the system when it is freed; the threshold stays where it is set

if sys.platform == "linux":
    _allocator = ctypes.CDLL(None)
    if hasattr(_allocator, "mallopt"):  # musl has none of it
        _allocator.mallopt(M_ARENA_MAX, 1)
        _allocator.mallopt(M_MMAP_THRESHOLD, LARGE)
