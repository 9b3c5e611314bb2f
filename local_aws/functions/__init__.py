"""Lambda: its Invoke, and the execution environments that run functions.

`executor` turns one request into a reply, log events and metrics; `event_queue` holds asynchronous events. Execution
environments: `pool` lends them, `cold_start` makes them, `environment` runs requests in one, `residents` are its
processes, `namespaces` and `layout` are what a function sees, `output` and `logs` are what it logs. `bootstrap` is the
one file that runs inside.
"""
