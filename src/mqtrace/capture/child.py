"""Runs a command whose input, output and signals are its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from mqtrace.model import UsageError

_NOT_FOUND, _NOT_ALLOWED, _SIGNALLED = 127, 126, 128
# What reaches mqtrace alone and is meant for the command.
_FORWARDED = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2") if hasattr(signal, name)]


class Ending:
    """Whether the user wants an end: what came while the command ran was its own, and mqtrace only ends the trace."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = False

    def __call__(self, number: int, _: FrameType | None) -> None:
        self.wanted = True
        if self.process and not (number == signal.SIGINT and _of_terminal()):
            # A terminal sends its interrupt to the command, too.
            with suppress(OSError):
                self.process.send_signal(number)


def _of_terminal() -> bool:
    """Whether this process is in the foreground of a terminal."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def signals_held() -> Iterator[Ending]:
    """While it lasts, signals that would end mqtrace reach the command instead, so that the trace is ended after it."""
    ending = Ending()
    before: dict[int, Any] = {}
    for number in (signal.SIGINT, *_FORWARDED):
        # What is ignored (nohup) is ignored by the command, too.
        if signal.getsignal(number) is signal.SIG_IGN:
            continue
        with suppress(ValueError, OSError):
            before[number] = signal.signal(number, ending)
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_command(command: Sequence[str], variables: Mapping[str, str], ending: Ending) -> int:
    """The exit code of the command, as a shell gives it. Raises UsageError where it cannot be started."""
    try:
        ending.process = subprocess.Popen(command, env=dict(variables))
    except OSError as error:
        code = _NOT_FOUND if isinstance(error, FileNotFoundError) else _NOT_ALLOWED
        raise CommandError(f"{command[0]} cannot be started: {error.strerror}", code) from None
    try:
        code = ending.process.wait()
    finally:
        ending.process = None
    return code if code >= 0 else _SIGNALLED - code


class CommandError(UsageError):
    """The command is not there or may not be run; `code` is what a shell would end with."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code
