"""API Gateway's REST APIs: serves what is deployed to a stage, for Lambda proxy and mock integrations."""
