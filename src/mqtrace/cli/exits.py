"""Exit codes, as the README lists them."""

OK = 0
PROBLEM = 1
USAGE = 2
NOTHING = 3
PARTIAL = 4
INTERNAL = 70
INTERRUPTED = 130
