"""Lambda: its API (`api` and `invoke_api`), and the execution environments that run functions.

`executor` runs a request: it returns the reply, and publishes log events and metrics. `event_queue` has asynchronous
events, `event_sources` reads queues and streams. `pool` lends execution environments to requests, `cold_start`
creates them, and `environment` runs requests in one: `residents` are its processes, `namespaces` and `layout` determine
what a function sees, and `output` and `logs` what is logged. `bootstrap` is the only file that runs inside.
"""
