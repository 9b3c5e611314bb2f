"""The commands that people run, one file each; the packages below hold what they share."""
