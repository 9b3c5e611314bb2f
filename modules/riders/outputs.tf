output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "client_id" {
  description = "Id of the page's app client."
  value       = aws_cognito_user_pool_client.page.id
}

output "issuer" {
  description = "Issuer of the riders' tokens, which is their claim iss."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}
