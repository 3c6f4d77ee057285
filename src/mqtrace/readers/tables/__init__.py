"""Client channel definition tables: JSON and binary."""
