"""An embedded AWS for one Linux machine: moto's services, and a Lambda that really runs the uploaded zip.

It knows nothing of the functions it runs. `server` puts the parts together. `iam` authorises each request, `cloudwatch`
publishes metrics and evaluates alarms. `lambda_service` gives moto's Lambda an executor, `invoke_api` answers Invoke.
`executor` turns one request into a reply, log lines and metrics; `pool`, `environment` and `emulator` are the execution
environments; `process_tree` and `keeper` see to it that nothing outlives them; `asynchronous` is the queue of events;
`bootstrap` is the one file that runs inside an environment.
"""
