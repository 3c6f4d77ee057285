"""Starts the right trace, runs a command, ends the trace, and keeps what it left."""
