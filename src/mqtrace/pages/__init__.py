"""Pages of HTML that report, triage and other commands share: the shell, and the one way of making HTML, templates."""
