"""API Gateway's REST APIs: the requests to what was deployed to a stage, for Lambda proxy and mock integrations."""
