"""CloudWatch: metrics, metric math, metric filters and alarms, which moto stores but does not compute.

`metrics` stores data points; `metric_filters` creates some from log events, and other packages publish theirs.
`queries` and `metric_math` read them, for `metric_api` and for alarms. `alarm_rules` decides an alarm's state,
`alarm_reason` gives the reason, `alarms` evaluates every second, and `alarm_actions` notifies. `composite_alarms`
combines alarms. `service` connects them to moto.
"""
