"""Filter patterns of CloudWatch Logs, for metric filters, subscription filters and FilterLogEvents.

The syntax follows "Filter pattern syntax" in the user guide of CloudWatch Logs. `pattern` parses all patterns; `terms`,
`json_condition` and `fields` are its three languages, which share `comparison` and `logic`. `line` parses log events.
"""
