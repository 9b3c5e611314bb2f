"""Terraform sees what happened outside it: another region in the environment, and code edited in the console."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.deployment_package.build import build
from scripts.terraform.local_stack import LocalStack, StackError
from tests.integration.deployed import Client, zipped

# Not the defaults, which other tests apply to the same local AWS.
NAMES = {"function_name": "Outside", "role_name": "Outside", "table_name": "Outside"}


@pytest.fixture
def stack(isolated: None, tmp_path: Path) -> Iterator[LocalStack]:
    """Yield the configuration, applied."""
    build()
    stack = LocalStack(tmp_path / "stack")
    stack.init()
    stack.apply(**NAMES)
    yield stack
    stack.destroy(**NAMES)


def plan(stack: LocalStack) -> str:
    """Return what `terraform plan` prints, with each run of white space as one space."""
    names = [f"-var={name}={value}" for name, value in NAMES.items()]
    done = subprocess.run(
        ["terraform", "plan", "-no-color", *names],  # noqa: S607 - on PATH, as for a person
        cwd=stack.folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("verb", ["plan_is_empty", "apply", "destroy"])
def test_another_region_stops_terraform(
    stack: LocalStack, client: Client, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    # Given a stack in us-east-1, and a shell that points elsewhere
    resources = stack.resources()
    with monkeypatch.context() as shell:
        shell.setenv("AWS_REGION", "eu-west-1")
        shell.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        # The tests' running provider has the region it was started in.
        shell.delenv("TF_REATTACH_PROVIDERS")

        # When Terraform plans, applies or destroys, then it fails and says what to set
        with pytest.raises(StackError) as failure:
            getattr(stack, verb)(**NAMES)
        assert "Set AWS_REGION=us-east-1." in " ".join(str(failure.value).split())

    # And nothing is lost
    assert stack.resources() == resources
    assert client("lambda").get_function(FunctionName="Outside")


def test_code_edited_in_the_console_is_reported_until_the_zip_is_deployed_again(
    stack: LocalStack, client: Client
) -> None:
    # Given a function that is as it was applied
    functions = client("lambda")
    assert "was changed outside Terraform" not in plan(stack)

    # When other code is pasted into the console
    edited = functions.update_function_code(
        FunctionName="Outside", ZipFile=zipped("request_unicorn.py", "handler = print")
    )["CodeSha256"]

    # Then a plan warns, and shows Lambda's hash in the output
    warned = plan(stack)
    assert "The code of Outside was changed outside Terraform" in warned
    assert f'-> "{edited}"' in warned

    # And the command in the warning repairs it
    assert (
        "aws lambda update-function-code --function-name Outside --zip-file fileb://build/function.zip"
        in warned
    )
    functions.update_function_code(
        FunctionName="Outside", ZipFile=(stack.folder / "build/function.zip").read_bytes()
    )
    assert stack.plan_is_empty(**NAMES)
    assert "was changed outside Terraform" not in plan(stack)


def test_the_output_is_the_hash_of_the_code_that_lambda_has_after_an_update(
    stack: LocalStack, client: Client, tmp_path: Path
) -> None:
    # Given another zip
    package = tmp_path / "other.zip"
    package.write_bytes(zipped("request_unicorn.py", "handler = print"))

    # When it is applied over the first
    stack.apply(**NAMES, package_path=str(package))

    # Then the output has followed, and a second plan is empty
    deployed = client("lambda").get_function(FunctionName="Outside")["Configuration"]
    assert stack.outputs()["source_code_hash"] == deployed["CodeSha256"]
    assert stack.plan_is_empty(**NAMES, package_path=str(package))
