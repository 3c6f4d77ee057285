"""Look-ups over patterns/: knowledge is data, this room only finds it."""
