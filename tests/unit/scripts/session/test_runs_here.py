"""A zip with compiled code that this machine cannot run is refused before an apply, with the way out."""

from pathlib import Path

import pytest

from local_aws.functions.interpreters import Interpreter
from local_aws.functions.toolchain import Toolchain
from scripts.deployment_package.packaged import Package
from scripts.session import runs_here
from scripts.session.runs_here import NotHereError, python_for, pythons_for

OWN = Interpreter(Path("/usr/bin/python3"), "3.11.7", Path("/usr/lib"))


class OneOther(Toolchain):
    """The toolchain of a machine that has Python 3.13 beside its own 3.11."""

    def for_runtime(self, name: str) -> Toolchain:
        if name == "python3.13":
            other = Interpreter(Path("/opt/python3.13"), "3.13.2", Path("/opt/lib"))
            return Toolchain(self.emulator, self.runtime, other)
        return Toolchain(self.emulator, self.runtime, OWN, f"no Python for {name}")


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine: x86_64, with Python 3.11 and 3.13."""
    toolchain = OneOther(Path("rie"), Path("runtime"), OWN)
    monkeypatch.setattr(runs_here, "find_toolchain", lambda: toolchain)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")


def package(runtime: str, architecture: str, *wheels: str, compiled: bool = True) -> Package:
    return Package(
        *(Path("build/function.zip"), 1, 1, "", "", ()),
        *(runtime, architecture, compiled, False, wheels, ()),
    )


def test_the_python_that_is_taken_is_named() -> None:
    # Then
    assert python_for(package("python3.13", "x86_64", "numpy-2-cp313-cp313-any.whl")) == (
        "The runtime python3.13 is Python 3.13.2 here, /opt/python3.13"
    )


def test_zips_that_run_on_the_same_python_name_it_once() -> None:
    # Then
    function, page = package("python3.13", "x86_64"), package("python3.13", "x86_64")
    assert pythons_for([function, page]) == [
        "The runtime python3.13 is Python 3.13.2 here, /opt/python3.13"
    ]


def test_code_compiled_for_another_architecture_is_refused() -> None:
    # When
    with pytest.raises(NotHereError) as refused:
        python_for(package("python3.13", "arm64"))

    # Then
    assert str(refused.value) == (
        "function.zip holds code compiled for Python 3.13 on arm64, and this machine is x86_64.\n"
        'For a local run: make local-apply ARGS="-var architecture=x86_64"; for make ride, dev and play,\n'
        "set TF_VAR_architecture=x86_64 or, if terraform.tfvars sets architecture, change it there."
    )


def test_code_compiled_for_a_python_that_is_missing_is_refused() -> None:
    # When
    with pytest.raises(NotHereError) as refused:
        python_for(package("python3.12", "x86_64", "numpy-2-cp312-cp312-manylinux_x86_64.whl"))

    # Then
    assert "no Python for python3.12" in str(refused.value)
    assert (
        'Install that Python. For a local run: make local-apply ARGS="-var runtime=python3.13"'
        in (str(refused.value))
    )


def test_without_the_default_python_that_of_the_environment_is_suggested(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a machine that has its own Python only
    monkeypatch.setattr(
        OneOther, "for_runtime", lambda self, name: Toolchain(Path(), Path(), OWN, f"no {name}")
    )

    # Then
    with pytest.raises(NotHereError, match=r"runtime=python3\.11"):
        python_for(package("python3.12", "x86_64", "numpy-2-cp312-cp312-manylinux_x86_64.whl"))


@pytest.mark.parametrize("wheels", [(), ("bcrypt-4-cp39-abi3-manylinux_x86_64.whl",)])
def test_what_runs_on_any_python_runs_on_this_one(wheels: tuple[str, ...]) -> None:
    # Then
    assert python_for(package("python3.12", "x86_64", *wheels)) == "no Python for python3.12"


def test_pure_python_runs_on_any_architecture() -> None:
    # Then
    assert "3.13.2" in python_for(package("python3.13", "arm64", compiled=False))
