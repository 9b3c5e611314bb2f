"""Cognito user pools: what moto lacks for a secure sign-in.

moto stores pools, clients, users and groups, and implements the administrator's operations. `pool` and `backend` extend
its classes. `accounts` has sign-up and recovery, with codes that are verified (`codes`) and mail that is printed
(`mail`); `sessions` has sign-in, with real SRP (`srp`) and a lockout after failures (`lockout`). `clients` has the
settings of app clients. `passwords`, `usernames` and `validation` check requests.
"""
