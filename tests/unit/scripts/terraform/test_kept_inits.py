"""One init serves every working folder of one configuration, for as long as its providers exist."""

from pathlib import Path

import pytest

from scripts.terraform import kept_inits


@pytest.fixture
def tf(tmp_path: Path) -> Path:
    path = tmp_path / "main.tf"
    path.write_text("# one")
    return path


@pytest.fixture
def provider(tmp_path: Path) -> Path:
    path = tmp_path / "mirror" / "linux_amd64"
    path.mkdir(parents=True)
    return path


def initialise(folder: Path, provider: Path) -> Path:
    """Leave in a new folder what `terraform init` leaves: a link to the provider."""
    home = folder / kept_inits.DATA / "providers/host/namespace/type/1.0.0"
    home.mkdir(parents=True)
    (home / "linux_amd64").symlink_to(provider)
    return folder


def test_the_next_folder_of_the_same_configuration_has_the_init_of_the_first(
    tmp_path: Path, tf: Path, provider: Path
) -> None:
    # Given a folder that was initialised and an empty one
    init = kept_inits.kept_init(tmp_path / "kept", [tf], tmp_path)
    first, second = initialise(tmp_path / "first", provider), tmp_path / "second"
    second.mkdir()
    assert not kept_inits.link(init, second)

    # When the init is kept
    kept_inits.keep(init, first)

    # Then both folders have it
    assert kept_inits.link(init, second)
    for folder in (first, second):
        assert list(folder.glob(f"{kept_inits.DATA}/{kept_inits.PROVIDERS}"))


def test_changed_terraform_and_another_mirror_need_an_init_of_their_own(
    tmp_path: Path, tf: Path
) -> None:
    # Given a configuration and a mirror
    init = kept_inits.kept_init(tmp_path, [tf], tmp_path)

    # When either changes, then so does the place
    assert kept_inits.kept_init(tmp_path, [tf], None) != init
    tf.write_text("# two")
    assert kept_inits.kept_init(tmp_path, [tf], tmp_path) != init


def test_an_init_whose_provider_has_gone_is_not_used(
    tmp_path: Path, tf: Path, provider: Path
) -> None:
    # Given a kept init
    init = kept_inits.kept_init(tmp_path / "kept", [tf], tmp_path)
    kept_inits.keep(init, initialise(tmp_path / "first", provider))

    # When its provider is removed, then it is not linked
    provider.rmdir()
    assert not kept_inits.link(init, tmp_path)


def test_of_two_inits_at_once_one_is_kept_and_both_can_be_used(
    tmp_path: Path, tf: Path, provider: Path
) -> None:
    # Given two folders that were initialised at once
    init = kept_inits.kept_init(tmp_path / "kept", [tf], tmp_path)
    folders = [initialise(tmp_path / name, provider) for name in ("first", "second")]

    # When both are kept, then each has an init still
    for folder in folders:
        kept_inits.keep(init, folder)
    for folder in folders:
        assert list(folder.glob(f"{kept_inits.DATA}/{kept_inits.PROVIDERS}"))
