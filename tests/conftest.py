"""Random inputs are the same in every run, so that a test that passed does not fail by
chance; `make fuzz` draws new ones.
What mqtrace keeps between runs is kept in a folder that is gone at the end."""

import os
import tempfile

from hypothesis import settings

# No deadline by the clock: a busy machine would miss it. Limits of time have tests of their own.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", derandomize=False, deadline=None)
settings.load_profile("fuzz" if os.environ.get("MQTRACE_FUZZ") else "steady")

# Before anything is imported; the processes that tests start have it too.
_CACHES = tempfile.TemporaryDirectory()
os.environ["XDG_CACHE_HOME"] = _CACHES.name
