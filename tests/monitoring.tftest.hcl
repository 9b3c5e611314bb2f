mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    override_during = plan # known while planning, as the check deployed_code fails if it cannot compare
    defaults        = { code_sha256 = "OxVYopqHoKovGVroo+gcSGjrRAfoI2aZ8OXMyOdXM0I=" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/Mocked" } # the provider checks the form of this one
  }
  mock_data "aws_region" {
    defaults = { name = "eu-west-1" }
  }
}

variables {
  package_path  = "LICENSE" # a file that does not change: the mocked provider does not open it
  function_name = "Greeter"
}

run "every_graph_shows_metrics_that_exist_with_their_dimensions" {
  command = apply # the dashboard names the alarms' ARNs, which are unknown before

  module {
    source = "./modules/monitoring"
  }

  variables {
    region             = "eu-west-1"
    gives_up_after     = 5
    log_group_name     = "/aws/lambda/Greeter"
    outcomes           = ["created", "fault", "table_unavailable"]
    table_name         = "Greetings"
    error_rate_percent = 5
    throttles          = 0
    duration_share     = 0.8
    refused_writes     = 0
    alarm_actions      = []
    saved_queries      = false
  }

  # "Types of metrics for Lambda functions" and "DynamoDB Metrics and dimensions" name them so.
  assert {
    condition = alltrue(flatten([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [
        for metric in try(widget.properties.metrics, []) : contains(
          concat(
            [
              for name in [
                "Invocations", "Duration", "Errors", "Throttles", "ConcurrentExecutions",
                "AsyncEventsDropped", "DeadLetterErrors", "DestinationDeliveryFailures",
              ] : "AWS/Lambda/${name}/FunctionName/Greeter"
            ],
            [
              for name in ["ConsumedWriteCapacityUnits", "WriteThrottleEvents"] :
              "AWS/DynamoDB/${name}/TableName/Greetings"
            ],
            [
              for name in ["ThrottledRequests", "SystemErrors"] :
              "AWS/DynamoDB/${name}/TableName/Greetings/Operation/PutItem"
            ],
            [
              for filter in concat(
                values(aws_cloudwatch_log_metric_filter.outcome), [aws_cloudwatch_log_metric_filter.billed_duration]
              ) : "${filter.metric_transformation[0].namespace}/${filter.metric_transformation[0].name}"
            ],
          ),
          join("/", slice(metric, 0, length(metric) - 1))
        ) if !can(metric[0].expression)
      ]
    ]))
    error_message = "A graph has a metric or a dimension that neither AWS documents nor a metric filter creates."
  }

  assert {
    condition = [
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      widget.properties.title if widget.type == "metric"
      ] == [
      "Invocations", "Duration (ms)", "Error count and success rate (%)", "Throttles", "Total concurrent executions",
      "Async delivery failures", "Rides by outcome", "Billed duration (ms)", "Table: consumed write units",
      "Table: throttled and system errors",
    ]
    error_message = "A graph of the Lambda console's Monitor tab is missing, or one of the table's, or the rides'."
  }

  assert {
    condition = [
      for metric in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[2].properties.metrics :
      metric[4].stat
    ] == ["Minimum", "Average", "p99"]
    error_message = "The duration is not shown as minimum, average and p99."
  }

  assert {
    condition = toset([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      widget.properties.region if widget.type != "alarm"
    ]) == toset(["eu-west-1"])
    error_message = "A widget reads another region than the function's."
  }

  assert {
    condition = (
      toset(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[0].properties.alarms) ==
      toset(values(aws_cloudwatch_metric_alarm.this)[*].arn)
    )
    error_message = "The dashboard does not show every alarm."
  }

  assert {
    condition = alltrue([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
      startswith(widget.properties.query, "SOURCE '/aws/lambda/Greeter' | ") if widget.type == "log"
    ])
    error_message = "A query reads another log group than the function's."
  }

  assert {
    condition = alltrue(flatten([
      for alarm in values(aws_cloudwatch_metric_alarm.this) : [
        for query in alarm.metric_query : [
          for metric in query.metric : metric.period == 60 && contains(
            concat(
              [for name in ["Invocations", "Duration", "Errors", "Throttles"] : "AWS/Lambda/${name}/Greeter"],
              [for outcome in keys(aws_cloudwatch_log_metric_filter.outcome) : "WildRydes/Greeter/${outcome}"],
            ),
            join("/", concat([metric.namespace, metric.metric_name], values(coalesce(metric.dimensions, {}))))
          )
        ]
      ]
    ]))
    error_message = "An alarm has a metric or a dimension that neither AWS documents nor a metric filter creates."
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.this) :
      length([for query in alarm.metric_query : query if query.return_data]) == 1 &&
      alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "An alarm does not have exactly one result, or goes off without data."
  }

  assert {
    condition = alltrue([
      for outcome, filter in aws_cloudwatch_log_metric_filter.outcome :
      filter.log_group_name == "/aws/lambda/Greeter" &&
      filter.pattern == "{ $.outcome = \"${outcome}\" }" &&
      filter.metric_transformation[0].value == "1" &&
      filter.metric_transformation[0].default_value == "0"
    ])
    error_message = "A metric filter does not count its outcome in the function's log, or leaves gaps."
  }

  assert {
    condition     = length(aws_cloudwatch_query_definition.this) == 0
    error_message = "Queries are saved although saved_queries is false."
  }
}

run "alarms_follow_their_variables" {
  command = plan

  module {
    source = "./modules/monitoring"
  }

  variables {
    region             = "eu-west-1"
    gives_up_after     = 4
    log_group_name     = "/aws/lambda/Greeter"
    outcomes           = ["created", "fault", "table_unavailable"]
    table_name         = "Greetings"
    error_rate_percent = 1.5
    throttles          = 2
    duration_share     = 0.5
    refused_writes     = 3
    alarm_actions      = ["arn:aws:sns:eu-west-1:123456789012:alarms"]
    saved_queries      = true
  }

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : name => alarm.threshold } == {
      error-rate = 1.5, fault-rate = 1.5, throttles = 2, slow = 2000, refused-writes = 3
    }
    error_message = "A threshold did not follow its variable; the slow alarm's is half of 4 s, in milliseconds."
  }

  assert {
    condition = alltrue([
      for alarm in values(aws_cloudwatch_metric_alarm.this) :
      alarm.alarm_actions == toset(var.alarm_actions) && alarm.ok_actions == toset(var.alarm_actions)
    ])
    error_message = "An alarm does not notify the topics both ways."
  }

  assert {
    condition = alltrue([
      for query in values(aws_cloudwatch_query_definition.this) :
      startswith(query.name, "Greeter/") && query.log_group_names == tolist(["/aws/lambda/Greeter"])
    ]) && length(aws_cloudwatch_query_definition.this) == 3
    error_message = "The three queries are not saved under the function's name and for its log group."
  }
}

run "failures_raise_an_alarm_without_the_functions_log" {
  command = plan

  module {
    source = "./modules/monitoring"
  }

  variables {
    region             = "eu-west-1"
    gives_up_after     = 5
    log_group_name     = "/aws/lambda/Greeter"
    outcomes           = ["created", "fault", "table_unavailable"]
    table_name         = "Greetings"
    error_rate_percent = 5
    throttles          = 0
    duration_share     = 0.5
    refused_writes     = 0
    alarm_actions      = []
    saved_queries      = false
  }

  assert {
    condition = toset(flatten([
      for query in aws_cloudwatch_metric_alarm.this["error-rate"].metric_query : query.metric[*].namespace
    ])) == toset(["AWS/Lambda"])
    error_message = "The alarm on failures has no value while the log has no metric."
  }
}

run "the_slow_alarm_can_go_off_before_the_function_gives_up" {
  command = plan

  assert {
    condition = (
      strcontains(file("function/record.py"), "PATIENCE = 5.0 ") && local.gives_up_after == 5 &&
      module.monitoring.slow_ms == 2500
    )
    error_message = "The alarm's threshold is not half of the time after which the function gives up."
  }
}

run "the_slow_alarm_follows_a_shorter_timeout" {
  command = plan

  variables {
    timeout              = 4
    alarm_duration_share = 0.4
  }

  assert {
    condition     = module.monitoring.slow_ms == 1600
    error_message = "The function gives up before its timeout, and the alarm's threshold is not a share of that."
  }
}

run "the_outcomes_in_main_tf_are_those_of_the_function" {
  command = plan

  assert {
    condition = toset(module.monitoring.outcomes) == toset(concat(
      ["created"], flatten(regexall("(?m)^    [0-9]{3}: \\(\"([a-z_]+)\"", file("function/refusal.py")))
    ))
    error_message = "The outcomes in main.tf are not those of function/refusal.py and \"created\"."
  }
}

run "a_second_copy_shares_no_name_with_the_first" {
  command = plan

  variables {
    function_name = "Greeter-2"
  }

  assert {
    condition = output.dashboard_name == "Greeter-2-eu-west-1" && output.alarm_names == tolist([
      "Greeter-2-error-rate", "Greeter-2-fault-rate", "Greeter-2-refused-writes", "Greeter-2-slow", "Greeter-2-throttles"
    ])
    error_message = "The dashboard's name or an alarm's does not come from the function's."
  }
}

run "lowest_legal_values_pass" {
  command = plan

  variables {
    alarm_error_rate_percent = 0
    alarm_throttles          = 0
    alarm_duration_share     = 0.01
    alarm_refused_writes     = 0
    alarm_actions            = [for n in range(5) : "arn:aws-us-gov:sns:us-gov-west-1:123456789012:alarms_-${n}"]
  }
}

run "thresholds_that_never_or_always_alarm_are_refused" {
  command = plan

  variables {
    alarm_error_rate_percent = 100
    alarm_throttles          = -1
    alarm_duration_share     = 0.51
    alarm_refused_writes     = 0.5
    alarm_actions            = ["arn:aws:sqs:us-east-1:123456789012:alarms"]
  }

  expect_failures = [
    var.alarm_error_rate_percent, var.alarm_throttles, var.alarm_duration_share, var.alarm_refused_writes,
    var.alarm_actions,
  ]
}

run "thresholds_just_out_of_range_are_refused" {
  command = plan

  variables {
    alarm_error_rate_percent = -1
    alarm_throttles          = 1.5
    alarm_duration_share     = 0
    alarm_refused_writes     = -1
    alarm_actions            = [for n in range(6) : "arn:aws:sns:us-east-1:123456789012:alarms${n}"]
  }

  expect_failures = [
    var.alarm_error_rate_percent, var.alarm_throttles, var.alarm_duration_share, var.alarm_refused_writes,
    var.alarm_actions,
  ]
}
