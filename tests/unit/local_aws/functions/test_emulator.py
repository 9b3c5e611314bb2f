"""Where an emulator listens cannot be taken from it: its host is its own."""

import ipaddress
import socket

from local_aws.functions.emulator import free_addresses


def test_each_environment_has_a_host_of_loopback_to_itself() -> None:
    # Given the addresses of many environments
    # When they are chosen
    addresses = [free_addresses() for _ in range(20)]

    # Then each has two ports of one host, that no other has and no connection uses
    hosts = {host for pair in addresses for host, _ in pair}
    assert len(hosts) == 20
    assert all(ipaddress.ip_address(host).is_loopback for host in hosts)
    assert not {"127.0.0.1", "127.0.1.1"} & hosts
    assert all(first[0] == second[0] and first[1] != second[1] for first, second in addresses)


def test_the_addresses_can_be_listened_on() -> None:
    # Given an environment's addresses
    # When something listens on both
    # Then it can be reached
    for address in free_addresses():
        with socket.create_server(address), socket.create_connection(address, timeout=5):
            pass
