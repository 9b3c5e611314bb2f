"""Local CloudWatch: what moto's lacks to show graphs and to raise alarms.

`metrics` keeps what was measured; `lambda_metrics`, `dynamodb_metrics` and `metric_filters` put it there. `queries`
and `metric_math` read it, for GetMetricData and for alarms alike. `alarm_rules` judges, `alarm_words` says it as
CloudWatch does, `alarms` looks every second and acts. `service` gives all this to moto.
"""
