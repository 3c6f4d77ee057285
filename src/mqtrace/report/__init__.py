"""Tells what a run found: one Report, many forms (text, Markdown, JSON), one module a form."""
