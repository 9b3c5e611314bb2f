"""An embedded AWS for one Linux machine: moto's services, and a Lambda that really runs the uploaded zip.

It knows nothing of the functions it runs. `server` puts the parts together; `lambda_service` is where
moto's Lambda is given an executor; `executor` turns one request into a reply, metrics and log lines;
`pool` and `environment` are the execution environments; `bootstrap` is the one file that runs inside them.
"""
