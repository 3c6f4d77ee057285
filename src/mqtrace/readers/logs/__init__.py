"""Error logs, consoles, failure reports, and what applications print."""
