"""Traces and error logs while they are written: each failure is told once, as soon as its connection has ended."""
