"""Traces: only the lines that a selection hits are read, from regions of bytes."""
