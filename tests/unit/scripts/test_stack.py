"""Why Terraform failed on a local AWS: its own reason, or that the local AWS has stopped."""

import socket

import pytest

from scripts import stack
from scripts.terraform.local_stack import StackError


def test_a_local_aws_that_ended_under_terraform_is_named_as_the_cause() -> None:
    # Given a local AWS, and what Terraform says once it is gone
    failed = StackError("terraform apply failed: connection refused")
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"

        # When it runs still, then it is not the cause
        stack._require_still_running(endpoint, failed)

    # When it has ended, then it is
    with pytest.raises(StackError) as error:
        stack._require_still_running(endpoint, failed)
    assert str(error.value).startswith(
        f"{failed}\n\nThe local AWS stopped meanwhile. No local AWS answers at {endpoint}"
    )
    assert "make local" in str(error.value)
