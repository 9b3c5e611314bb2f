"""A table of cases from the IAM guide: "IAM JSON policy elements: Condition operators"."""

from typing import Any

import pytest

from local_aws.iam.conditions import hold

WRITER = "arn:aws:iam::123456789012:role/path/Writer"
CONTEXT = {
    "aws:principalarn": WRITER,
    "aws:requestedregion": "us-east-1",
    "aws:securetransport": "true",
    "aws:username": None,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEquals": {"AWS:requestedregion": "us-east-1"}}, True),  # keys in any case
        ({"StringEquals": {"aws:RequestedRegion": "US-EAST-1"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-*"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, True),
        ({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, False),
        ({"StringEqualsIgnoreCase": {"aws:RequestedRegion": "US-EAST-1"}}, True),
        ({"StringNotEqualsIgnoreCase": {"aws:RequestedRegion": "US-EAST-1"}}, False),
        ({"StringLike": {"aws:RequestedRegion": "us-*"}}, True),
        ({"StringNotLike": {"aws:RequestedRegion": "us-*"}}, False),
        ({"ArnEquals": {"aws:PrincipalArn": WRITER}}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/path/*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam:*"}}, False),  # part by part
        ({"ArnNotEquals": {"aws:PrincipalArn": WRITER}}, False),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"Bool": {"aws:SecureTransport": "t*"}}, False),
        ({"Null": {"aws:username": "true"}}, True),
        ({"Null": {"aws:username": False}}, False),
        ({"Null": {"aws:PrincipalArn": "false"}}, True),
        ({"Null": {"aws:PrincipalArn": False}}, True),
        # A key that the request does not have: no match, but for what is negated or IfExists
        ({"StringEquals": {"aws:username": "zoe"}}, False),
        ({"StringNotEquals": {"aws:username": "zoe"}}, True),
        ({"StringEqualsIfExists": {"aws:username": "zoe"}}, True),
        ({"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"StringNotEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}}, False),
        # Several operators and keys: all must hold
        (
            {
                "StringEquals": {"aws:RequestedRegion": "us-east-1"},
                "Bool": {"aws:SecureTransport": "true"},
            },
            True,
        ),
        (
            {
                "StringEquals": {"aws:RequestedRegion": "us-east-1"},
                "Bool": {"aws:SecureTransport": "false"},
            },
            False,
        ),
        (
            {
                "StringEquals": {
                    "aws:RequestedRegion": "us-east-1",
                    "aws:PrincipalArn": "arn:aws:iam::123456789012:role/Other",
                }
            },
            False,
        ),
    ],
    ids=str,
)
def test_condition_operators(condition: dict[str, Any], holds: bool) -> None:
    # Given a Condition element
    # When it is evaluated for a request
    # Then it holds, or does not
    assert hold(condition, CONTEXT) is holds
