"""Many logs at once: what is in them, how often, since when, and which incidents that makes.

triage() counts while it reads, so that memory does not grow with the logs; read_logs() gives every entry as a table of
pandas.
"""
