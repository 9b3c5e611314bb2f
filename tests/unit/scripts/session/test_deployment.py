"""What commands with a local AWS of their own have in common."""

import argparse

from scripts.session.deployment import add_port


def test_a_local_aws_of_a_verb_runs_beside_that_of_make_local() -> None:
    # Given a verb that runs a local AWS of its own
    parser = argparse.ArgumentParser()
    add_port(parser)

    # When nobody chooses its port
    port = parser.parse_args([]).port

    # Then it is any free one, so that `make local` may run as well
    assert port == 0
