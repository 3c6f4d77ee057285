"""What was set: mqclient.ini, environment listings, output of runmqsc."""
