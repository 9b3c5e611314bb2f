"""The condition keys of principals: "AWS global condition context keys", Properties of the principal."""

from collections.abc import Mapping
from datetime import datetime

from local_aws.iam.context import Value
from local_aws.timestamps import to_the_second

# Keys that principals of the local AWS do not have, unless they are set: "AWS global condition context keys".
_ABSENT: Mapping[str, None] = dict.fromkeys(
    (
        "aws:assumedroot",
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceidentity",
        "aws:tokenissuetime",
        "aws:userid",
        "aws:username",
        "ec2:roledelivery",
        "ec2:sourceinstancearn",
        "glue:credentialissuingservice",
        "glue:roleassumedby",
        "identitystore:userid",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
    )
)


def common(
    arn: str, account: str, kind: str | None, tags: Mapping[str, str]
) -> dict[str, Value | None]:
    """Return the keys for a principal's ARN, account, kind and tags, and None for keys that principals do not have."""
    return {
        **_ABSENT,
        **{f"aws:principaltag/{name.lower()}": value for name, value in tags.items()},
        "aws:principalaccount": account,
        "aws:principalarn": arn,
        "aws:principaltype": kind,
    }


def time(moment: datetime) -> str:
    """Return a time in UTC as the value of a condition key."""
    return to_the_second(moment)
