"""Nothing in a local run's environment leads to AWS or to a real deployment's state."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local_aws.client_environment import CREDENTIALS, export_lines
from scripts import stack
from scripts.session import isolation

HERE = "http://127.0.0.1:4566"


def test_nothing_of_aws_or_terraforms_own_is_passed_on() -> None:
    # Given a shell set up for a real deployment
    shell = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL_STS": "https://sts.example",
        "TF_CLI_ARGS_apply": "-target=nothing",
        "TF_WORKSPACE": "production",
        "TF_TOKEN_app_terraform_io": "real",
    }

    # When it is made a local run's
    local = isolation.local_environment(HERE, shell)

    # Then only the path to programs is left of it
    assert local["PATH"] == "/bin"
    assert not set(local.values()) & {"production", "real"}
    assert {name for name in local if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL",
        *CREDENTIALS,
    }
    assert {name for name in local if name.startswith("TF_")} == {"TF_IN_AUTOMATION"}


def test_a_cli_configuration_is_passed_on_only_if_it_exists(tmp_path: Path) -> None:
    # Given one file that exists and one that does not
    config = tmp_path / "terraformrc"
    config.touch()

    # When each is named
    kept = isolation.local_environment(HERE, {"TF_CLI_CONFIG_FILE": str(config)})
    dropped = isolation.local_environment(HERE, {"TF_CLI_CONFIG_FILE": str(tmp_path / "none")})

    # Then only the first is passed on
    assert kept["TF_CLI_CONFIG_FILE"] == str(config)
    assert "TF_CLI_CONFIG_FILE" not in dropped


def test_the_configurations_variables_are_passed_on() -> None:
    # Given a shell that sets a variable of the configuration
    # When it is made a local run's
    local = isolation.local_environment(HERE, {"TF_VAR_table_name": "Mine"})

    # Then Terraform gets it there, as it would in AWS
    assert local["TF_VAR_table_name"] == "Mine"


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:4566", "http://localhost:4566", "http://[::1]:4566"]
)
def test_loopback_is_accepted(endpoint: str) -> None:
    # Given an endpoint on this machine
    # When it is checked
    # Then it is accepted
    assert isolation.require_loopback(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        "",
        "https://dynamodb.us-east-1.amazonaws.com",
        "http://192.168.1.7:4566",
        "http://0.0.0.0:4566",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "127.0.0.1:4566",
    ],
)
def test_anything_else_is_refused(endpoint: str | None) -> None:
    # Given an endpoint elsewhere, or none
    # When it is checked
    # Then it is refused
    with pytest.raises(isolation.NotLocalError, match="make local"):
        isolation.require_loopback(endpoint)


@pytest.mark.parametrize("verb", ["apply", "destroy"])
def test_the_local_stack_refuses_an_endpoint_elsewhere(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a shell that points elsewhere
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://lambda.example.com")

    # When the local stack is to be changed
    status = stack.main([verb])

    # Then nothing is done, and the error names the fix
    assert status == 1
    assert "make local" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["apply", "destroy"])
def test_the_local_stack_says_so_if_no_local_aws_answers(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given a shell that points to a local AWS which was stopped
    with socket.create_server(("127.0.0.1", 0)) as stopped:
        endpoint = f"http://127.0.0.1:{stopped.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

    # When the local stack is to be changed
    status = stack.main([verb])

    # Then Terraform does not keep trying, and the error names the fix
    assert status == 1
    error = capsys.readouterr().err
    assert f"No local AWS answers at {endpoint}" in error
    assert "make local" in error


def test_a_shell_at_the_local_aws_asks_no_proxy_for_it_and_keeps_what_it_had() -> None:
    # Given a shell with a proxy for everything but one host
    shell = {"PATH": os.environ["PATH"], "http_proxy": "http://proxy.example:3128"}
    shell |= {"NO_PROXY": "intra.example", "no_proxy": "intra.example"}
    lines = "\n".join(export_lines(HERE))
    proxied = "import urllib.request as r; print(r.proxy_bypass('127.0.0.1:4566'), r.proxy_bypass('intra.example'))"

    # When the lines of the local AWS are run in it
    done = subprocess.run(
        ["/bin/sh", "-c", f'{lines}\necho $NO_PROXY\n"$@"', "sh", sys.executable, "-c", proxied],
        env=shell,
        capture_output=True,
        text=True,
        check=True,
    )

    # Then neither is sought through the proxy
    assert done.stdout == "127.0.0.1,localhost,::1,intra.example\nTrue True\n"
