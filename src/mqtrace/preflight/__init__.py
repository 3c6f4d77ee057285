"""What would come of a connection, from the environment and the files of a program that has not connected yet."""
