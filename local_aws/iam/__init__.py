"""IAM's part of the local AWS: a request may do what the policies of whoever signed it allow, and no more.

`middleware` stands in front of the services and asks, in this order: whose key is it (`principals`, `user_sessions`)
and did it sign (`signature`, `signed_chunks`, `signature_v2`), which operation is it (`api_call`), which permissions
does that need (`permissions`, from `actions`, `resource_arns`, `service_arns`, `passed_roles` and the `reference`), and
do the policies allow them (`authorization`, `policy`)? `refusals` words a refusal as AWS does.

A policy is read by `statements`: `patterns`, `resources`, `conditions` and `principal_element` are its parts;
`documents` says which documents IAM refuses to store, and `quotas` which are too large; `undecided` is the logic of
what cannot be decided here. Conditions ask a `request_context`, which `principal_keys`, `call_keys` and `resource_tags`
fill. `resource_policies` finds the policies of resources, and `simulation` answers what would be decided.
"""
