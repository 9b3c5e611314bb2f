"""Lambda: its Invoke, and the execution environments that run functions.

`executor` turns one request into a reply, log lines and metrics; `pool`, `environment` and `emulator` are the execution
environments; `event_queue` holds asynchronous events; `bootstrap` is the one file that runs inside an environment.
"""
