"""Bytes and text inside a record to what they mean: pure functions, no input or output."""
