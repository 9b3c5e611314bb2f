"""Password policies: "Adding user pool password requirements"."""

import pytest

from local_aws.cognito.errors import CognitoError
from local_aws.cognito.passwords import check, complaint

ALL = {
    "MinimumLength": 8,
    **dict.fromkeys(
        ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"), True
    ),
}


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1!", "Password not long enough"),
        ("abcdef1!", "Password must have uppercase characters"),
        ("ABCDEF1!", "Password must have lowercase characters"),
        ("Abcdefg!", "Password must have numeric characters"),
        ("Abcdefg1", "Password must have symbol characters"),
        ("Ab1!" * 65, "Password too long"),
    ],
)
def test_what_a_policy_asks_for_is_named(password: str, why: str) -> None:
    # Given a policy with every requirement, when a password lacks one, then it is named
    assert complaint(password, ALL) == f"Password did not conform with policy: {why}"


def test_what_conforms_is_no_complaint() -> None:
    # Given the same policy, and one that asks for length alone
    # When a password conforms
    # Then there is no complaint
    assert complaint("Abcdef1!", ALL) is None
    assert complaint("a unicorn is here", {"MinimumLength": 12}) is None


@pytest.mark.parametrize(
    "password", [" " * 12, " a unicorn is here", "a unicorn is here ", "", "\n" * 12]
)
def test_a_password_neither_begins_nor_ends_with_a_space(password: str) -> None:
    # Given a policy that asks for length alone
    # When a password begins or ends with a space
    with pytest.raises(CognitoError) as refused:
        check(password, {"MinimumLength": 12})

    # Then the request is refused with the pattern that Cognito answers with
    assert refused.value.error_type == "InvalidParameterException"
    assert refused.value.message == (
        "1 validation error detected: Value at 'password' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$"
    )


def test_a_password_may_have_spaces_inside() -> None:
    # Given the same policy, when a password has spaces inside, then nothing is raised
    check("a unicorn is here", {"MinimumLength": 12})
