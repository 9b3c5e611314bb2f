"""CloudWatch: metrics, metric math, metric filters and alarms, which moto stores but does not compute.

`metrics` stores data points; `metric_filters` creates some from log events, and other rooms publish theirs. `queries`
and `metric_math` read them, for GetMetricData and for alarms. `alarm_rules` decides an alarm's state, `alarm_words`
writes its texts, and `alarms` evaluates every second. `service` makes all of it available through moto.
"""
