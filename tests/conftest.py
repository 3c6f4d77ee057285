"""Random inputs are the same in every run, so that a test that passed does not fail by
chance; `make fuzz` draws new ones."""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.register_profile("fuzz", derandomize=False)
settings.load_profile("fuzz" if os.environ.get("MQTRACE_FUZZ") else "steady")
