"""Cognito user pools: what moto's lack to let only the right people sign in.

moto keeps pools, clients, users and groups, and answers the administrator's operations. `pool` and `backend` extend its
classes: real SRP (`srp`), codes that are checked (`codes`), lockout after failures (`lockout`), password policies
(`passwords`), names (`usernames`), requests as the model has them (`validation`), and a signing key for each pool. Mail
goes to the terminal (`mail`).
"""
