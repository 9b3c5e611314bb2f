"""Filter patterns of CloudWatch Logs, for metric filters, subscription filters and FilterLogEvents.

The syntax is that of "Filter pattern syntax" in the user guide of CloudWatch Logs. `pattern` parses all of them;
`terms`, `json_condition` and `fields` are its three languages, `comparison` and `logic` what they share.
"""
