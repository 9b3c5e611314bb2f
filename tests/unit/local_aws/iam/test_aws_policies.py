"""AWS's own managed policies are read for the partition of the local AWS, and for no other."""

import pytest
from moto.iam.models import IAMBackend

from local_aws.moto_seams.iam import init_aws_policies


@pytest.mark.parametrize(("partition", "read"), [("aws", True), ("aws-cn", False)])
def test_aws_policies_are_read_for_one_partition(
    monkeypatch: pytest.MonkeyPatch, partition: str, read: bool
) -> None:
    # Given a local AWS, which has AWS's policies
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    monkeypatch.setattr(IAMBackend, "_init_aws_policies", init_aws_policies)

    # When moto makes the IAM of a partition
    policies = IAMBackend(partition, "123456789012").aws_managed_policies

    # Then they are in its own alone
    assert ("AdministratorAccess" in [policy.name for policy in policies]) is read
