"""API Gateway's HTTP APIs: what answers at an API's own address.

`doors` opens a port for each API and `application` answers the requests to one of them: `routes` finds the route,
`jwt_authorizer` checks the token, `proxy_event` and `proxy_response` translate to and from the function, `cors`,
`throttle` and `records` do what their names say. `configuration` is what an API is set to, whoever keeps it.

Not as in AWS: no TLS, and each API has a port of its own on loopback in place of a host name.
"""
