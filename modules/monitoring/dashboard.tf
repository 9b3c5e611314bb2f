locals {
  function = ["FunctionName", var.function_name]
  table    = ["TableName", var.table_name]
  put_item = ["TableName", var.table_name, "Operation", "PutItem"]

  # The first six are those of the Lambda console's Monitor tab. scripts/monitor.py shows these graphs too; the format is
  # in "Dashboard body structure and syntax".
  graphs = [
    {
      title   = "Invocations"
      metrics = [concat(["AWS/Lambda", "Invocations"], local.function, [{ stat = "Sum" }])]
    },
    {
      title = "Duration (ms)"
      metrics = [
        for stat in ["Minimum", "Average", "p99"] :
        concat(["AWS/Lambda", "Duration"], local.function, [{ stat = stat, label = lower(stat) }])
      ]
    },
    {
      title = "Error count and success rate (%)"
      metrics = [
        concat(["AWS/Lambda", "Errors"], local.function, [{ id = "errors", stat = "Sum" }]),
        concat(["AWS/Lambda", "Invocations"], local.function, [{ id = "invocations", stat = "Sum", visible = false }]),
        [{ expression = "100 - 100 * errors / MAX([errors, invocations])", label = "success rate", yAxis = "right" }],
      ]
    },
    {
      title   = "Throttles"
      metrics = [concat(["AWS/Lambda", "Throttles"], local.function, [{ stat = "Sum" }])]
    },
    {
      title   = "Total concurrent executions"
      metrics = [concat(["AWS/Lambda", "ConcurrentExecutions"], local.function, [{ stat = "Maximum" }])]
    },
    {
      title = "Async delivery failures"
      metrics = [
        for name in ["AsyncEventsDropped", "DeadLetterErrors", "DestinationDeliveryFailures"] :
        concat(["AWS/Lambda", name], local.function, [{ stat = "Sum" }])
      ]
    },
    {
      title   = "Rides by outcome"
      metrics = [for outcome in var.outcomes : [local.namespace, outcome, { stat = "Sum" }]]
    },
    {
      title   = "Billed duration (ms)"
      metrics = [[local.namespace, "BilledDuration", { stat = "Sum" }]]
    },
    {
      title   = "Table: consumed write units"
      metrics = [concat(["AWS/DynamoDB", "ConsumedWriteCapacityUnits"], local.table, [{ stat = "Sum" }])]
    },
    {
      title = "Table: throttled and system errors"
      metrics = [
        concat(["AWS/DynamoDB", "WriteThrottleEvents"], local.table, [{ stat = "Sum" }]),
        concat(["AWS/DynamoDB", "ThrottledRequests"], local.put_item, [{ stat = "Sum" }]),
        concat(["AWS/DynamoDB", "SystemErrors"], local.put_item, [{ stat = "Sum" }]),
      ]
    },
  ]

  graph_widgets = [
    for graph in concat(local.graphs, var.more_graphs) : {
      type = "metric"
      properties = {
        title   = graph.title
        region  = var.region
        period  = 60
        metrics = graph.metrics
        yAxis   = { left = { min = 0 }, right = { min = 0, max = 100 } }
      }
    }
  ]

  query_widgets = [
    for title, query in local.queries : {
      type = "log"
      properties = {
        title  = title
        region = var.region
        view   = "table"
        query  = "SOURCE '${var.log_group_name}' | ${trimspace(query)}"
      }
    }
  ]

  alarm_widget = {
    type       = "alarm"
    properties = { title = "Alarms", alarms = concat(values(aws_cloudwatch_metric_alarm.this)[*].arn, var.more_alarms) }
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.function_name}-${var.region}" # dashboards are global in an account

  dashboard_body = jsonencode({
    widgets = [
      for position, widget in concat([local.alarm_widget], local.graph_widgets, local.query_widgets) :
      merge(widget, { x = position % 3 * 8, y = floor(position / 3) * 6, width = 8, height = 6 })
    ]
  })
}
