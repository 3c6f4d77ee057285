"""Times what deciding costs: the ledger, the rules and the report of each connection, without reading.

Usage: python bench/deciding.py TRACE...   (files or folders; `sample-traces` is a good choice)

Everything is read once; then each input is decided ROUNDS times by itself, and the best time of each counts. Compare
two versions by running this in turn with each of them first in PYTHONPATH.
"""

import sys
import time
from collections.abc import Callable, Sequence

from mqtrace import diagnosis
from mqtrace.gathering import Finders, Gathered, read_input
from mqtrace.inputs import open_sources
from mqtrace.report.write import rendered

ROUNDS = 7


def best(work: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of several runs."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def gathered_of(paths: Sequence[str]) -> list[Gathered]:
    """What each input gave that holds connections of a trace."""
    finders = Finders((), None)
    all_gathered = []
    for source in open_sources(list(paths), stdin=None):
        gathered = Gathered()
        read_input(source, gathered, finders, None)
        if gathered.connections:
            all_gathered.append(gathered)
    return all_gathered


def main() -> int:
    """Measures the inputs of the command line."""
    if len(sys.argv) < 2:
        print("usage: python bench/deciding.py TRACE...", file=sys.stderr)
        return 2
    inputs = gathered_of(sys.argv[1:])
    connections = sum(len(gathered.connections) for gathered in inputs)
    deciding = sum(best(lambda gathered=gathered: diagnosis._report(gathered)) for gathered in inputs)
    reports = [diagnosis._report(gathered) for gathered in inputs]
    writing = sum(best(lambda report=report: rendered(report, "json")) for report in reports)
    print(f"{len(inputs)} inputs, {connections} connections")
    print(f"deciding  {deciding / connections * 1e3:6.2f} ms a connection")
    print(f"JSON      {writing / connections * 1e3:6.2f} ms a connection, with what must be kept from the reader")
    return 0


if __name__ == "__main__":
    sys.exit(main())
