"""Key repositories and key stores: what is in them, and what is wrong with it."""
