"""A local AWS for one Linux machine: moto's services, and a Lambda that really runs the uploaded zip.

It works with any Lambda function. `server` wires the parts together. `access` is the HTTP side, `iam` authorizes each
request, `functions` runs Lambda functions, `cloudwatch` stores metrics and evaluates alarms, `cognito` has user pools,
`processes` makes sure that no process outlives the server, and `moto_seams` has all patches of moto.
"""
