"""Tables of cases from the IAM guide: "Condition operators", "Multivalued context keys" and "Policy variables"."""

from typing import Any

import pytest

from local_aws.iam.conditions import hold, read
from local_aws.iam.undecided import UndecidedError

WRITER = "arn:aws:iam::123456789012:role/path/Writer"
CONTEXT: dict[str, str | tuple[str, ...]] = {
    "aws:principalarn": WRITER,
    "aws:requestedregion": "us-east-1",
    "aws:securetransport": "true",
    "aws:principaltag/team": "Blue*",
    "aws:principaltag/street": "Straße",
    "aws:calledvia": ("a.amazonaws.com", "b.amazonaws.com"),
    "aws:tagkeys": ("Owner",),
    "aws:sourceip": "203.0.113.7",
    "aws:currenttime": "2026-11-22T21:36:43Z",
    "aws:epochtime": "1795383403",
    "aws:multifactorauthage": "300",
    "s3:max-keys": "10",
    "kms:digest": "AQID",
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
        ({"StringEqualsIgnoreCase": {"aws:PrincipalTag/street": "STRASSE"}}, False),
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
        ({"Null": {"aws:username": "True"}}, True),
        ({"ForAllValues:Null": {"aws:username": "true"}}, True),
        # A key that the request does not have: no match, but for what is negated or IfExists
        ({"StringEquals": {"aws:username": "zoe"}}, False),
        ({"StringNotEquals": {"aws:username": "zoe"}}, True),
        ({"StringEqualsIfExists": {"aws:username": "zoe"}}, True),
        ({"StringEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"StringNotEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}}, False),
        ({"NumericEquals": {"s3:max-keys": "10.0"}}, True),
        ({"NumericEquals": {"s3:max-keys": 10}}, True),
        ({"NumericEquals": {"s3:max-keys": "ten"}}, False),
        ({"NumericEquals": {"s3:max-keys": "1_0"}}, False),
        ({"NumericNotEquals": {"s3:max-keys": ["9", "10"]}}, False),
        ({"NumericNotEquals": {"s3:max-keys": "9"}}, True),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, False),
        ({"NumericLessThan": {"s3:max-keys": "11"}}, True),
        ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, True),
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "299"}}, True),
        ({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "300"}}, False),
        ({"NumericGreaterThanEquals": {"aws:MultiFactorAuthAge": "300"}}, True),
        ({"NumericGreaterThanEqualsIfExists": {"aws:username": "1"}}, True),
        ({"DateEquals": {"aws:CurrentTime": "2026-11-22T21:36:43Z"}}, True),
        ({"DateEquals": {"aws:CurrentTime": "2026-11-22T22:36:43+01:00"}}, True),
        ({"DateEquals": {"aws:CurrentTime": "1795383403"}}, True),
        ({"DateEquals": {"aws:CurrentTime": "1795383403000"}}, True),  # in milliseconds
        ({"DateNotEquals": {"aws:CurrentTime": "2026-11-22"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-11-23"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "tomorrow"}}, False),
        ({"DateLessThanEquals": {"aws:EpochTime": "2026-11-22T21:36:43Z"}}, True),
        ({"DateGreaterThan": {"aws:CurrentTime": "2026-11"}}, True),
        ({"DateGreaterThanEquals": {"aws:CurrentTime": "2026-12-01T00:00Z"}}, False),
        ({"Bool": {"s3:max-keys": "10"}}, False),
        ({"BinaryEquals": {"kms:digest": "AQID"}}, True),
        ({"BinaryEquals": {"kms:digest": "AQIE"}}, False),
        ({"BinaryEquals": {"kms:digest": "not base64"}}, False),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.7"}}, True),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.5/24"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["2001:db8::/32", "198.51.100.0/24"]}}, False),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.*"}}, False),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/255.255.255.0"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "2001:db8::/32"}}, True),
        ({"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:*"}}, True),
        ({"ArnLike": {"aws:RequestedRegion": "arn:*:*:*:*:*"}}, False),
        # Several values in the request: all, or any, of them
        ({"ForAllValues:StringLike": {"aws:CalledVia": "*.amazonaws.com"}}, True),
        ({"ForAllValues:StringEquals": {"aws:CalledVia": "a.amazonaws.com"}}, False),
        ({"ForAllValues:StringEquals": {"aws:username": "zoe"}}, True),
        ({"ForAllValues:StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"ForAllValues:StringNotEquals": {"aws:CalledVia": "b.amazonaws.com"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "b.amazonaws.com"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "c.amazonaws.com"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:username": "zoe"}}, False),
        ({"ForAnyValue:StringEqualsIfExists": {"aws:username": "zoe"}}, False),
        ({"ForAnyValue:StringNotEquals": {"aws:CalledVia": "b.amazonaws.com"}}, True),
        ({"foranyvalue:stringequals": {"aws:CalledVia": "b.amazonaws.com"}}, True),
        ({"StringEquals": {"aws:CalledVia": "c.amazonaws.com"}}, False),
        # Policy variables, and the characters that stand for themselves
        ({"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalArn}"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*/${aws:Absent, 'Writer'}"}}, True),
        ({"StringLike": {"aws:RequestedRegion": "us-${aws:username}*"}}, False),
        ({"StringLike": {"aws:RequestedRegion": "us-${aws:username, 'east'}*"}}, True),
        ({"StringLike": {"aws:PrincipalTag/team": "${aws:PrincipalTag/TEAM}"}}, True),
        ({"StringLike": {"aws:PrincipalTag/team": "Blue${*}"}}, True),
        ({"StringLike": {"aws:PrincipalTag/team": "Blue${?}"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "${aws:CalledVia}"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "${aws:username, 'us-east-1'}"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "${aws:username,'us-east-1'}"}}, False),
        ({"NumericEquals": {"s3:max-keys": "${s3:max-keys}"}}, False),  # strings and ARNs have them
        ({"IpAddress": {"aws:SourceIp": "${aws:SourceIp}"}}, False),
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
    assert hold(read(condition), CONTEXT) is holds


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:CalledVia": "a.amazonaws.com"}},
        {"StringEquals": {"aws:RequestedRegion": "${aws:CalledVia, 'us-east-1'}"}},
        {"StringNotEquals": {"aws:RequestedRegion": "${aws:username}"}},
        {"NumericNotEquals": {"aws:RequestedRegion": "1"}},
        {"DateNotEquals": {"aws:CurrentTime": "tomorrow"}},
        {"NotIpAddress": {"aws:SourceIp": "here"}},
        {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam"}},
        {"StringContains": {"aws:RequestedRegion": "us"}},
    ],
    ids=str,
)
def test_a_condition_that_makes_no_sense_is_undecided(condition: dict[str, Any]) -> None:
    # Given a condition that AWS's guide has no answer for
    # When it is evaluated by itself
    # Then there is no answer
    with pytest.raises(UndecidedError):
        hold(read(condition), CONTEXT)

    # When another condition does not hold, before or after it
    fails = {"Bool": {"aws:SecureTransport": "false"}}

    # Then together they do not hold
    assert hold(read({**condition, **fails}), CONTEXT) is False
    assert hold(read({**fails, **condition}), CONTEXT) is False


def test_a_document_of_the_older_version_has_no_variables() -> None:
    # Given a condition with what looks like a policy variable
    condition = read({"StringEquals": {"aws:RequestedRegion": "${aws:RequestedRegion}"}})

    # When the document's version has none
    # Then it is text
    assert hold(condition, CONTEXT, has_variables=False) is False
    assert hold(condition, {"aws:requestedregion": "${aws:RequestedRegion}"}, has_variables=False)
