"""mqtrace: which setting won, and why the connection failed."""
