"""Opens files, folders, archives and standard input. Knows nothing of what is in them."""

from mqtrace.inputs.opening import open_sources
from mqtrace.inputs.source import HEAD_SIZE, Source

__all__ = ["HEAD_SIZE", "Source", "open_sources"]
