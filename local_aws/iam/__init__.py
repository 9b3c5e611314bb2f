"""IAM: a request may do what the policies of the principal that signed it allow, and no more.

`middleware` checks each request before it reaches a service: whose key it has (`principals`, `user_sessions`) with
which policies (`identity_policies`), whether that key signed it (`signature`, `signed_chunks`, `signature_v2`), which
operation it is for (`api_call`), which permissions the operation needs (`permissions`, from `actions`, `resource_arns`,
`service_arns`, `passed_roles` and the `reference`), and whether the policies allow them (`authorization`, `policy`).
`refusals` answers refused requests.

`statements` parses a policy, whose parts are `elements`, `patterns`, `resources`, `conditions` and
`principal_element`. `documents` knows which documents IAM refuses to store, `quotas` which are too large, and
`undecided` combines results that cannot be decided here. Conditions get values from a `request_context`, built from
`principal_keys`, `call_keys` and `resource_tags`. `resource_policies` finds the policies of resources, and `simulation`
reports what would be decided.
"""
