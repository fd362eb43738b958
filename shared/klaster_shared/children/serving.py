"""The child's side: questions from standard input, answers to standard output, one after the other."""

import os
import resource
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
from select import POLLIN, poll

_LENGTH = struct.Struct(">I")
ANSWERED, FAILED = b"A", b"F"


def serve(answer: Callable[[bytes], bytes], *, memory: int, idle: float) -> None:
    """Answer until the parent goes away, or nothing was asked for `idle` seconds; then the memory is free again.

    memory  bytes of address space that this process may take: a question that asks for more fails alone
    """
    with suppress(ValueError, OSError):  # not every system lets a process say so
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes our input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand among the answers
    questions = poll()
    questions.register(0, POLLIN)
    while questions.poll(idle * 1000):
        question = _read_question()
        if question is None:
            return
        status, body = _answered(answer, question)
        answers.write(status + _LENGTH.pack(len(body)) + body)
        answers.flush()


def _answered(answer: Callable[[bytes], bytes], question: bytes) -> tuple[bytes, bytes]:
    try:
        return ANSWERED, answer(question)
    except Exception as error:  # the parent decides what it means
        return FAILED, repr(error).encode()


def _read_question() -> bytes | None:
    head = _read(_LENGTH.size)
    return None if head is None else _read(_LENGTH.unpack(head)[0])


def _read(size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(0, min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
