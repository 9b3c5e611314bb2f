"""Function names are parsed in every form that the API reference of Invoke lists."""

import pytest

from local_aws.function_name import FunctionName, parse

NAMES = {
    "rides": FunctionName("rides", None, None, None),
    "rides:live": FunctionName("rides", "live", None, None),
    "rides:7": FunctionName("rides", "7", None, None),
    "rides:$LATEST": FunctionName("rides", "$LATEST", None, None),
    "function:rides": FunctionName("rides", None, None, None),
    "123456789012:rides": FunctionName("rides", None, "123456789012", None),
    "123456789012:function:rides": FunctionName("rides", None, "123456789012", None),
    "123456789012:function:rides:live": FunctionName("rides", "live", "123456789012", None),
    "arn:aws:lambda:eu-west-1:123456789012:function:rides": FunctionName(
        "rides", None, "123456789012", "eu-west-1"
    ),
    "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:rides:live": FunctionName(
        "rides", "live", "123456789012", "us-gov-west-1"
    ),
}


@pytest.mark.parametrize("text", NAMES)
def test_each_form_of_a_name_is_parsed(text: str) -> None:
    # Given a form that AWS lists
    # When it is parsed
    # Then each part is returned
    assert parse(text) == NAMES[text]


@pytest.mark.parametrize(
    "text",
    ["", "rides live", "rides:", "rides:live:7", "a/b", "arn:aws:sns:eu-west-1:123456789012:rides"],
)
def test_an_invalid_name_is_not_parsed(text: str) -> None:
    # Given an invalid name
    # When it is parsed
    # Then the result is None
    assert parse(text) is None
