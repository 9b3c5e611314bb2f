"""A finished zip, and the record beside it, which Terraform compares with its variables."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from scripts.deployment_package.runtime import Runtime


@dataclass(frozen=True)
class Package:
    """A zip on disk: absolute path, sizes in bytes, SHA-256, and the files in it, in its order.

    `sha256_base64` is Terraform's `filebase64sha256` and Lambda's `CodeSha256`. `runtime` (`python3.13`) and
    `architecture` (`arm64`) are what it was made for, `wheels` the file names of the wheels in it; `compiled` says
    whether it runs nowhere else. `compressed` says whether the function's own files are deflated, so that the bytes
    depend on zlib's version. `left_out` names files that may have been meant for the zip but were not packaged.
    """

    path: Path
    size: int
    unzipped_size: int
    sha256: str
    sha256_base64: str
    files: tuple[str, ...]
    runtime: str
    architecture: str
    compiled: bool
    compressed: bool
    wheels: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def made_for(self) -> Runtime:
        """The runtime it was made for."""
        return Runtime(self.architecture, self.runtime.removeprefix("python"))

    @property
    def needs_its_python(self) -> bool:
        """Whether a wheel in it was compiled for one version of Python; `abi3` fits the later ones too (PEP 425)."""
        version = self.made_for.python_version.replace(".", "")
        return any(f"-cp{version}-cp{version}" in wheel for wheel in self.wheels)

    def notes(self) -> list[str]:
        """Return what a person should know about it, in sentences."""
        notes = []
        if self.left_out:
            notes.append(f"Left out as tests or hidden files: {', '.join(self.left_out)}.")
        if self.compressed:
            notes.append(
                "Uncompressed it would exceed 50 MB, so its own files are deflated: "
                "another version of zlib would produce other bytes."
            )
        return notes

    def write_record(self) -> None:
        """Write the record, in one step. Raises OSError."""
        path = record_path(self.path)
        fields = {
            "runtime": self.runtime,
            "architecture": self.architecture,
            "compiled": self.compiled,
            "sha256": self.sha256,
            "wheels": self.wheels,
        }
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(json.dumps(fields, indent=2) + "\n")
        temporary.replace(path)

    def move_to(self, path: Path) -> None:
        """Replace another zip and its record with this one. Raises OSError."""
        self.path.replace(path)
        record_path(self.path).replace(record_path(path))


def record_path(package: Path) -> Path:
    """Return the path of a zip's record: build/function.json for build/function.zip."""
    return package.with_name(package.name.removesuffix(".zip") + ".json")
