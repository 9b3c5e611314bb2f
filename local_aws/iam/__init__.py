"""IAM's part of the embedded AWS: a request signed as a role or a user may do what its policies allow, and no more.

`middleware` stands before moto's services and asks, in this order: whose key signed (`principals`), did it
(`signature`), what is asked for (`api_call`, `permissions`), is it allowed (`authorization`, `policy`, `conditions`,
`elements`)? `refusals` words a no as AWS does. Any other key, such as the deployer's, may do everything.
"""
