"""Runs the pieces of work: here, in several processes, or on a Dask cluster. The answer is the same, byte for byte."""

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO, Protocol, cast

from mqtrace.model import InputRead, UsageError
from mqtrace.triage.part import PartResult, Question, Unit
from mqtrace.triage.planning import SMALLEST_RANGE, Job, Planner
from mqtrace.triage.reading import read_unit
from mqtrace.triage.remote import INSTALL
from mqtrace.triage.result import Gathering, Triage

Progress = Callable[[str, int], None]
_CONNECT_SECONDS = 5


class Promise(Protocol):
    """A part that will be there."""

    def result(self) -> PartResult:
        """Waits for it."""


class _Here:
    def __init__(self, unit: Unit, question: Question) -> None:
        self._unit, self._question = unit, question

    def result(self) -> PartResult:
        return read_unit(self._unit, self._question)


class _There:
    """A part that another process makes."""

    def __init__(self, future: Any, where: str) -> None:
        self._future, self._where = future, where

    def result(self) -> PartResult:
        try:
            return cast(PartResult, self._future.result())
        except Exception as error:  # noqa: BLE001  (what ends a process elsewhere can be anything; it is told in one line)
            words = " ".join(str(error).split())[:160]
            raise UsageError(
                f"a process on {self._where} failed ({type(error).__name__}: {words}); try   --processes 1"
            ) from None


Submit = Callable[[Unit, Question], Promise]


def triage(
    paths: Iterable[str],
    question: Question | None = None,
    *,
    processes: int = 0,
    scheduler: str = "",
    stdin: BinaryIO | None = None,
    smallest_range: int = SMALLEST_RANGE,
    progress: Progress | None = None,
) -> Triage:
    """Counts the entries of all logs, and folds them into incidents.

    Args:
        paths: files, folders, archives, URLs that fsspec knows; "-" is standard input.
        question: what to count by, and the time asked for.
        processes: how many read; 0 for one a core.
        scheduler: address of a Dask scheduler ("tcp://HOST:8786"): its workers read instead, and must see the same
            paths.
        stdin: the stream that "-" stands for.
        smallest_range: bytes of a file that are worth a process of their own.
        progress: called with an input's name and its bytes.

    Raises UsageError where the cluster cannot be used. Inputs that cannot be read are rows of the answer.
    """
    question = question or Question()
    count = processes or os.cpu_count() or 1
    with _workers(count, scheduler) as (submit, width):
        planner = Planner(question, width, smallest_range, stdin)
        gathering = Gathering(question)
        inputs = [
            _finished(job, promises, gathering, progress)
            for job, promises in _handed_out(planner.jobs(list(paths)), question, submit, 2 * width)
        ]
        return gathering.result(inputs)


def _handed_out(
    jobs: Iterator[Job], question: Question, submit: Submit, most: int
) -> Iterator[tuple[Job, list[Promise]]]:
    """Each job with its parts, in order. Work is handed out ahead, but not much: results wait in memory."""
    waiting: deque[tuple[Job, list[Promise]]] = deque()
    ahead = 0
    for job in jobs:
        promises = [submit(unit, question) for unit in job.units]
        waiting.append((job, promises))
        ahead += len(promises)
        while waiting and ahead > most:
            ahead -= len(waiting[0][1])
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def _finished(job: Job, promises: Sequence[Promise], gathering: Gathering, progress: Progress | None) -> InputRead:
    parts = [promise.result() for promise in promises] or ([job.part] if job.part else [])
    if not parts:
        return job.row(None)
    whole = gathering.add(job.name, parts, job.line)
    if progress:
        progress(job.name, whole.size)
    return job.row(whole)


@contextmanager
def _workers(count: int, scheduler: str) -> Iterator[tuple[Submit, int]]:
    if scheduler:
        with _cluster(scheduler) as found:
            yield found
    elif count == 1:
        yield _Here, 1
    else:
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(count) as pool:
            yield lambda unit, question: _There(pool.submit(read_unit, unit, question), "this machine"), count


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Submit, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(f"--scheduler needs Dask; type   {INSTALL}") from None
    client = _connected(Client, address)
    with client:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise UsageError(
                f"the Dask scheduler at {address} has no worker; start one with   dask worker {address}"
            ) from None
        width = max(len(client.scheduler_info().get("workers", ())), 1)
        yield lambda unit, question: _There(client.submit(read_unit, unit, question, pure=False), address), width


def _connected(client: Any, address: str) -> Any:
    import logging

    _check_scheduler(address)
    # What they log is what is raised, with its traceback.
    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        return client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise _no_scheduler(address, error) from None


def _check_scheduler(address: str) -> None:
    """Raises UsageError where `address` is none, or nothing listens there: Dask would try for a long time."""
    import re
    import socket

    parts = re.fullmatch(r"(?:(?P<kind>tcp|tls)://)?(?P<host>[\w.-]+|\[[0-9a-fA-F:.%]+\]):(?P<port>\d{1,5})/?", address)
    if parts is None or not 0 < int(parts["port"]) < 65536:
        raise UsageError(f"'{address}' is no address of a Dask scheduler; type it as   --scheduler tcp://HOST:8786")
    try:
        with socket.create_connection(
            (parts["host"].strip("[]"), int(parts["port"])), timeout=_CONNECT_SECONDS
        ) as stream:
            # A scheduler is the first to speak. Dask waits for minutes for a server of another kind.
            if parts["kind"] != "tls" and not stream.recv(1):
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
    except OSError as error:
        raise _no_scheduler(address, error) from None


def _no_scheduler(address: str, error: Exception) -> UsageError:
    words = error.strerror if isinstance(error, OSError) and error.strerror else " ".join(str(error).split())[:120]
    return UsageError(f"no Dask scheduler answers at {address} ({words}); start one with   dask scheduler")
