"""The parts of Amazon Resource Names."""

import pytest

from local_aws.arns import Arn, parse_arn


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("arn:aws:s3:::bucket", Arn("aws", "s3", "", "", "bucket")),
        (
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/f:*",
            Arn("aws-cn", "logs", "cn-north-1", "123456789012", "log-group:/aws/lambda/f:*"),
        ),
        ("arn:aws:sqs:us-east-1:123456789012", None),
        ("a:b:c:d:e:f", None),
        ("", None),
    ],
)
def test_an_arn_has_five_parts_of_which_only_the_last_has_colons(
    text: str, parts: Arn | None
) -> None:
    # Given a text, when it is parsed, then the parts are those of an ARN, and nothing else has parts
    assert parse_arn(text) == parts


def test_what_must_be_an_arn_and_is_not_is_an_error_that_shows_it() -> None:
    # Given a text that is not an ARN, when its parts are needed, then the error has the text
    with pytest.raises(ValueError, match="'queue' is not an ARN"):
        Arn.of("queue")
