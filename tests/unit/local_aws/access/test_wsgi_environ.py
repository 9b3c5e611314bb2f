"""The WSGI environment: what a request says, as werkzeug and moto read it."""

from moto.core.request import Request

from local_aws.access.http_requests import HttpRequest
from local_aws.access.wsgi_environ import wsgi_environ


def request(target: str = "/", *headers: tuple[str, str]) -> Request:
    received = HttpRequest("PUT", target, "1.1", [("Host", "here:80"), *headers], b"body", True)
    return Request(wsgi_environ(received, ("127.0.0.1", 5), ("127.0.0.1", 80)))


def test_a_path_is_decoded_and_kept_as_it_was_sent() -> None:
    # Given a request for a path with an escaped slash and a letter that is not ASCII
    received = request("/b/a%2Fb/%C3%BC?x=%20&x=2")

    # Then both forms are there, with the query
    assert received.path == "/b/a/b/ü"
    assert received.raw_path == "/b/a%2Fb/%C3%BC"
    assert received.args.getlist("x") == [" ", "2"]
    assert received.get_data() == b"body"


def test_an_absolute_target_names_the_host() -> None:
    # Given a request as a proxy is sent it, then its target counts
    received = request("http://there:81/path")
    assert (received.host, received.path) == ("there:81", "/path")


def test_a_header_that_is_repeated_is_joined() -> None:
    # Given a header that comes twice, then its values are one
    received = request("/", ("X-Forwarded-For", "a"), ("x-forwarded-for", "b"))
    assert received.headers["X-Forwarded-For"] == "a,b"


def test_only_s3s_metadata_may_have_an_underscore() -> None:
    # Given headers with an underscore, which WSGI cannot tell from a dash
    received = request(
        "/",
        *(("x-amz-meta-a_b", "kept"), ("X_Amz_Target", "dropped")),
        *(("x-amz-meta-c-d", "first"), ("x-amz-meta-c_d", "dropped")),
    )

    # Then metadata keeps its name, unless it would stand in for another's
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert headers["x-amz-meta-a_b"] == "kept"
    assert headers["x-amz-meta-c-d"] == "first"
    assert "dropped" not in headers.values()
