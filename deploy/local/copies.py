"""Copies of a process, each of which does one thing and ends."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn


def copy(work: Callable[[], int]) -> int:
    """A copy of this process does the work and ends with its code; which process it is."""
    process = os.fork()
    if not process:
        _leave(work)
    return process


def _leave(work: Callable[[], int]) -> NoReturn:
    """A copy never goes on as if it were the original."""
    code = 1
    try:
        code = work()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
