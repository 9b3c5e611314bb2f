"""API Gateway's REST APIs: requests to deployed stages, with Lambda proxy and mock integrations."""
