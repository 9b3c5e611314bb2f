"""What `monitor.py` shows: the dashboard's graphs, what the function did lately, and what that costs."""
