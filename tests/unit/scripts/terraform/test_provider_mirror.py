"""The locked provider is found in a filesystem mirror, and only the locked one."""

from pathlib import Path

import pytest

from scripts.terraform import provider_mirror
from scripts.terraform.provider_mirror import LockedProvider, MirrorError, find_mirror, read_lock

LOCK = '# made by init\n\nprovider "registry.example/acme/sky" {\n  version     = "1.2.3"\n}\n'
LOCK_OF_ANOTHER = 'provider "registry.example/acme/sea" {\n  version = "0.1.0"\n}\n'
ADDRESS = "registry.example/acme/sky"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a lock file, on a machine with no mirror but what a test puts below tmp_path."""
    monkeypatch.setattr(provider_mirror, "ADD_ON_ROOTS", (str(tmp_path / "add-on"),))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PROVIDER_MIRROR", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    path = tmp_path / ".terraform.lock.hcl"
    path.write_text(LOCK)
    return path


def unpacked(mirror: Path, version: str = "1.2.3") -> Path:
    (mirror / ADDRESS / version / provider_mirror._platform()).mkdir(parents=True)
    return mirror


def test_the_lock_file_names_the_providers(lock: Path) -> None:
    # Given a lock file of two
    lock.write_text(LOCK + LOCK_OF_ANOTHER)

    # When it is read
    # Then addresses and versions are theirs
    assert read_lock(lock) == [
        LockedProvider(ADDRESS, "1.2.3"),
        LockedProvider("registry.example/acme/sea", "0.1.0"),
    ]


def test_a_mirror_of_some_locked_providers_only_is_no_mirror(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two locked providers, and a mirror of the first
    lock.write_text(LOCK + LOCK_OF_ANOTHER)
    mirror = unpacked(tmp_path / "add-on" / "tf")

    # When one is looked for
    # Then it does not count
    assert find_mirror(lock) is None

    # And if it was named, the error names the second
    monkeypatch.setenv("PROVIDER_MIRROR", str(mirror))
    with pytest.raises(MirrorError, match=r"does not hold registry\.example/acme/sea 0\.1\.0"):
        find_mirror(lock)


def test_a_user_without_a_home_has_the_other_places(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a mirror in a usual place, and a user whom neither HOME nor the system gives a home
    mirror = unpacked(tmp_path / "add-on" / "tf")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)

    # When one is looked for
    # Then it is found
    assert find_mirror(lock) == mirror


def test_without_a_mirror_terraform_is_left_to_itself(lock: Path) -> None:
    # Given no mirror
    # When one is looked for
    # Then there is none
    assert find_mirror(lock) is None


@pytest.mark.parametrize("place", ["home/.terraform.d/plugins", "add-on/tf", "add-on/tf/plugins"])
def test_a_mirror_is_found_where_they_usually_are(lock: Path, tmp_path: Path, place: str) -> None:
    # Given a mirror in a usual place
    mirror = unpacked(tmp_path / place)

    # When one is looked for
    # Then it is found
    assert find_mirror(lock) == mirror


def test_a_packed_mirror_is_found(lock: Path, tmp_path: Path) -> None:
    # Given a mirror that holds the provider as a zip
    mirror = tmp_path / "add-on" / "tf"
    (mirror / ADDRESS).mkdir(parents=True)
    zip_name = f"terraform-provider-sky_1.2.3_{provider_mirror._platform()}.zip"
    (mirror / ADDRESS / zip_name).touch()

    # When one is looked for
    # Then it is found
    assert find_mirror(lock) == mirror


def test_a_mirror_of_another_version_is_no_mirror(lock: Path, tmp_path: Path) -> None:
    # Given a mirror that holds only an older version
    unpacked(tmp_path / "add-on" / "tf", version="1.2.2")

    # When one is looked for
    # Then it does not count
    assert find_mirror(lock) is None


def test_the_variable_decides(lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a mirror in a usual place and another elsewhere
    unpacked(tmp_path / "add-on" / "tf")
    elsewhere = unpacked(tmp_path / "elsewhere")

    # When PROVIDER_MIRROR names the other, or nothing
    # Then that counts
    monkeypatch.setenv("PROVIDER_MIRROR", str(elsewhere))
    assert find_mirror(lock) == elsewhere
    monkeypatch.setenv("PROVIDER_MIRROR", "")
    assert find_mirror(lock) is None


def test_a_variable_that_names_no_mirror_is_an_error(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given PROVIDER_MIRROR on a folder without the provider
    monkeypatch.setenv("PROVIDER_MIRROR", str(tmp_path))

    # When the mirror is looked for
    # Then the error names what is missing
    with pytest.raises(MirrorError, match=f"does not hold {ADDRESS} 1.2.3"):
        find_mirror(lock)


@pytest.mark.parametrize("text", [None, "# made by init\n"], ids=["no file", "no provider in it"])
def test_without_a_locked_provider_the_error_names_the_fix(lock: Path, text: str | None) -> None:
    # Given a checkout whose lock file was lost, or emptied
    lock.unlink()
    if text:
        lock.write_text(text)

    # When a mirror is looked for
    # Then the error says how to restore the lock file
    with pytest.raises(MirrorError, match=r"git checkout \.terraform\.lock\.hcl"):
        find_mirror(lock)
