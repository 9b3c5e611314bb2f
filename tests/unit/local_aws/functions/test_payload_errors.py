"""A payload that is no JSON is described in Jackson's words."""

import pytest

from local_aws.functions.payload_errors import error_in

VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


@pytest.mark.parametrize("payload", [b"{}", b"null", b"1", '"é"'.encode(), b'{"a": [1, 2]}'])
def test_json_has_no_error(payload: bytes) -> None:
    # Given JSON
    # When it is read
    # Then there is nothing to report
    assert error_in(payload) is None


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b"test", f"Unrecognized token 'test': was expecting {VALUES}"),
        (
            b"{nope",
            "Unexpected character ('n' (code 110)): was expecting double-quote to start field name",
        ),
        (b"'x'", f"Unexpected character (''' (code 39)): expected a valid value {VALUES}"),
        (b'{"a"', "Unexpected end-of-input"),
        (b"NaN", "Non-standard token 'NaN'"),
        (b"\xff", "Invalid UTF-8 start byte 0xff"),
    ],
)
def test_an_error_names_what_was_read_and_what_was_expected(payload: bytes, message: str) -> None:
    # Given something else
    # When it is read
    error = error_in(payload)

    # Then the error says what is wrong
    assert error is not None
    assert error.startswith(message)


def test_an_error_says_where() -> None:
    # Given an error in the second line
    # When it is read
    error = error_in(b'{\n  "a": nope}')

    # Then line and column are counted from 1, behind what was read
    assert error is not None
    assert error.endswith("line: 2, column: 12]")
