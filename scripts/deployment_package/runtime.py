"""A Lambda Python runtime, and which wheels run on it."""

from dataclasses import dataclass

# Lambda's name of an architecture to the wheel tags' name.
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# "Lambda runtimes" (AWS Lambda Developer Guide): Amazon Linux 2023 since Python 3.12, Amazon Linux 2 before.
AMAZON_LINUX_2023_GLIBC, AMAZON_LINUX_2_GLIBC = 34, 26
OLDEST_GLIBC = 17
# Lambda keeps its runtimes at the newest patch release; a number above all of them never gets out of date.
NEWEST_PATCH = 99


@dataclass(frozen=True)
class Runtime:
    """A runtime: its architecture as Lambda names it (`arm64`), its Python version as `3.13`."""

    architecture: str
    python_version: str

    def __str__(self) -> str:
        """Return the runtime as a sentence names it."""
        return f"Python {self.python_version} on {self.architecture}"

    @property
    def name(self) -> str:
        """Lambda's identifier, such as `python3.13`."""
        return f"python{self.python_version}"

    @property
    def full_version(self) -> str:
        """The Python version with a patch release, for conditions such as `python_full_version >= "3.13.1"`."""
        return f"{self.python_version}.{NEWEST_PATCH}"

    def platforms(self) -> list[str]:
        """Return the wheel platform tags that run here, best first.

        `linux` names no C library: it is what a build on Amazon Linux itself gives, so it is accepted last.
        """
        machine = MACHINES[self.architecture]
        is_2023 = int(self.python_version.split(".")[1]) >= 12
        newest = AMAZON_LINUX_2023_GLIBC if is_2023 else AMAZON_LINUX_2_GLIBC
        by_glibc = [
            f"manylinux_2_{minor}_{machine}" for minor in range(newest, OLDEST_GLIBC - 1, -1)
        ]
        return [*by_glibc, f"manylinux2014_{machine}", f"linux_{machine}"]

    def markers(self) -> dict[str, str]:
        """Return the value of every environment marker (PEP 508) on this runtime."""
        return {
            "implementation_name": "cpython",
            "implementation_version": self.full_version,
            "os_name": "posix",
            "platform_machine": MACHINES[self.architecture],
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": self.full_version,
            "python_version": self.python_version,
            "sys_platform": "linux",
        }


# The defaults of `architecture` and `runtime` in variables.tf.
DEFAULT_RUNTIME = Runtime("arm64", "3.13")
