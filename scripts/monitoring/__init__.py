"""What `monitor.py` shows: the dashboard's graphs, the function's recent activity, and what it costs."""
