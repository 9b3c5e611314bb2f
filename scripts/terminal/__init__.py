"""Input and output of commands. Imports the standard library only, since it runs before anything is installed."""
