"""Pages of HTML that report, triage and other commands share: they know nothing of what they show."""
