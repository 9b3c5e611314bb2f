output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "client_id" {
  description = "Id of the page's app client."
  value       = aws_cognito_user_pool_client.page.id
}

output "issuer" {
  description = "Who the riders' tokens are from: the iss claim."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}
