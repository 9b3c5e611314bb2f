"""Packages a function: its own files and the wheels that it needs, in a zip that is the same on every machine."""

import base64
import hashlib
import os
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from scripts.deployment_package.archive import write_zip
from scripts.deployment_package.errors import PackageError
from scripts.deployment_package.fetch import names_packages
from scripts.deployment_package.kept_wheels import kept_or_fetched
from scripts.deployment_package.members import Member, deflated
from scripts.deployment_package.packaged import Package
from scripts.deployment_package.runtime import DEFAULT_RUNTIME, Runtime
from scripts.deployment_package.source import REQUIREMENTS, Source, read_source
from scripts.deployment_package.wheels import is_compiled, is_stray, read_wheels
from scripts.project.paths import FUNCTION, ZIP

# "Lambda quotas" (AWS Lambda Developer Guide), deployment package size
ZIPPED_LIMIT = 50 * 1024 * 1024
UNZIPPED_LIMIT = 250 * 1024 * 1024
ELF = b"\x7fELF"  # how a program or a library for Linux begins

Members = Mapping[str, Member]


def build(
    source: Path = FUNCTION,
    output: Path = ZIP,
    runtime: Runtime = DEFAULT_RUNTIME,
    environment: Mapping[str, str] | None = None,
) -> Package:
    """Zip `source` into `output`, replacing it in one step or not at all, and write its record beside it.

    If `source` holds a requirements.txt that names packages, their wheels for `runtime` are added beside the function's
    own files; pip runs in `environment` (default: this process's own).
    Lambda's limits are checked as "Lambda quotas" (AWS Lambda Developer Guide) states them.
    Raises PackageError.
    """
    source, output = source.resolve(), output.resolve()
    if output.is_relative_to(source):
        raise PackageError(
            f"{output} is inside the folder it is made from, {source}.\n"
            "Name a place outside of it with --output."
        )
    own = read_source(source)
    requirements = source / REQUIREMENTS
    wheels = []
    if names_packages(requirements):
        pip_environment = os.environ if environment is None else environment
        wheels = kept_or_fetched(requirements, runtime, pip_environment)
    with ExitStack() as stack:
        opened = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
        vendored = _without_own(read_wheels(opened), own, source)
        return _write(own, vendored, wheels, runtime, output)


def _without_own(vendored: Members, own: Source, source: Path) -> Members:
    """Return the wheels' files without stray ones that the function has too. Raises PackageError for other clashes."""
    same = sorted(own.members.keys() & vendored.keys())
    for name in same:
        if not is_stray(name):
            raise PackageError(
                f"{source / name} has the name of a file that {REQUIREMENTS} brings.\nRename it."
            )
    return {name: member for name, member in vendored.items() if name not in same}


def _write(
    own: Source, vendored: Members, wheels: list[Path], runtime: Runtime, output: Path
) -> Package:
    members = {**own.members, **vendored}
    unzipped_size = sum(member.size for member in members.values())
    _check_size("unzipped", unzipped_size, UNZIPPED_LIMIT)
    try:
        compressed = _write_zip(own.members, vendored, output)
        with output.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        package = Package(
            path=output,
            size=output.stat().st_size,
            unzipped_size=unzipped_size,
            sha256=digest.hex(),
            sha256_base64=base64.b64encode(digest).decode(),
            files=tuple(sorted(members)),
            runtime=runtime.name,
            architecture=runtime.architecture,
            compiled=any(is_compiled(wheel.name) for wheel in wheels) or _has_programs(own),
            compressed=compressed,
            wheels=tuple(wheel.name for wheel in wheels),
            left_out=own.left_out,
        )
        package.write_record()
    except OSError as error:
        raise PackageError(
            f"Cannot write {output}: {error.strerror}.\nName another place with --output."
        ) from error
    return package


def _write_zip(own: Members, vendored: Members, output: Path) -> bool:
    """Write the zip in one step; return whether the function's own files had to be compressed."""
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_zip(temporary, {**own, **vendored})
        compressed = temporary.stat().st_size > ZIPPED_LIMIT
        if compressed:
            smaller = {name: deflated(member) for name, member in own.items()}
            write_zip(temporary, {**smaller, **vendored})
        _check_size("zipped", temporary.stat().st_size, ZIPPED_LIMIT)
        temporary.replace(output)
    finally:
        temporary.unlink(missing_ok=True)
    return compressed


def _has_programs(own: Source) -> bool:
    return any(
        member.read().data.startswith(ELF)
        for name, member in own.members.items()
        if not name.endswith(".py")
    )


def _check_size(state: str, size: int, limit: int) -> None:
    if size > limit:
        raise PackageError(
            f"The package is {size:,} bytes {state}, and Lambda takes at most {limit:,}.\n"
            "Leave out what the function does not need; boto3 is in Lambda's runtime already."
        )
