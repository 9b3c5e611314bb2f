"""API Gateway's HTTP APIs: the requests to each API.

`listeners` opens a port for each API, and `application` answers each `request` to it: `routes` finds the route,
`jwt_authorizer` checks the token, `integrations` calls the function, and `proxy_event` and `proxy_response` translate
to and from it. `cors` adds the headers, `throttle` counts requests, `records` writes access logs and metrics.
`configuration` describes an API independently of where it is stored. REST APIs (`access.rest`) share many of these.

What differs from AWS: there is no TLS, and each API has its own port on loopback instead of a host name.
"""
