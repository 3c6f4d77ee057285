"""What is shown, laid out, for all commands alike: text in a width, and pages of HTML from templates."""
