resource "aws_iam_role" "this" {
  name                 = coalesce(var.role_name, var.function_name)
  path                 = var.role_path
  permissions_boundary = var.permissions_boundary

  force_detach_policies = true # so that a destroy works if somebody has attached a policy by hand

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

# The policies refer to the role by its id, which is its name too, but is unknown while the role is replaced. Otherwise a
# change of the path would leave the new role without policies.
resource "aws_iam_role_policy" "logs" {
  name = "CloudWatchLogsWriteAccess"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.this.arn}:*" # the log streams of this group
    }]
  })
}

resource "aws_iam_role_policy" "tracing" {
  count = var.tracing == "Active" ? 1 : 0

  name = "XRayWriteAccess"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*" # these two actions do not support resource ARNs
    }]
  })
}

resource "aws_iam_role_policy" "caller" {
  for_each = var.policies

  name   = each.key
  role   = aws_iam_role.this.id
  policy = each.value
}
