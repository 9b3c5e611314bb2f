"""Locked packages are installed by uv, or by pip where uv is missing or fails; from where pip is configured to look."""

import base64
import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from scripts.environments import installer, pip_settings
from scripts.environments.errors import InstallError
from scripts.project.paths import REQUIREMENTS, VENV
from tests.support.wheels import make_wheel

needs_uv = pytest.mark.skipif(
    not (VENV / "bin" / "uv").exists(), reason="uv is installed in .venv only"
)


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Remove every setting of pip and uv that this machine has; return pip's configuration file."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_", "SSL_CERT"))]:
        monkeypatch.delenv(name)
    configuration = tmp_path / "pip.conf"
    configuration.touch()
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    monkeypatch.setenv("UV_NO_CACHE", "1")
    return configuration


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """A virtual environment with the pip and the setuptools of this one; without uv."""
    folder = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "builder.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return folder


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with the wheel of one package, saddle."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    make_wheel(folder, "saddle")
    return folder


@pytest.fixture
def lock(tmp_path: Path, wheels: Path) -> Path:
    """A lock file that names saddle by its hash."""
    return write_lock(tmp_path / "lock.txt", wheels / "saddle-1.0-py3-none-any.whl")


class Index(ThreadingHTTPServer):
    """A package index that has saddle behind a password, and counts the requests that have it."""

    served = 0


@pytest.fixture
def index(wheels: Path) -> Iterator[Index]:
    """Run the index on loopback."""
    wheel = (wheels / "saddle-1.0-py3-none-any.whl").read_bytes()
    expected = "Basic " + base64.b64encode(b"rider:secret").decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers.get("Authorization") == expected
            known = self.path.startswith("/simple/saddle/")
            self.send_response(200 if allowed and known else 404 if allowed else 401)
            name = "saddle-1.0-py3-none-any.whl"
            body = wheel if self.path.endswith(".whl") else f'<a href="{name}">{name}</a>'.encode()
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            Index.served += allowed

        def log_message(self, *_: object) -> None:
            pass

    with Index(("127.0.0.1", 0), Handler) as server:
        Index.served = 0
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def write_lock(path: Path, archive: Path) -> Path:
    name, version = archive.name.split("-")[:2]
    version = version.removesuffix(".tar.gz")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    path.write_text(f"{name}=={version} --hash=sha256:{digest}\n")
    return path


def use_uv(venv: Path, script: str = "") -> Path:
    """Give the environment uv, or a shell script in its place; return the file its calls are recorded in."""
    calls = venv / "uv-calls"
    uv = venv / "bin" / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{script or f"exec {VENV}/bin/uv $@"}\n')
    uv.chmod(0o755)
    return calls


def is_installed(venv: Path) -> bool:
    python = str(venv / "bin" / "python")
    done = subprocess.run([python, "-c", "import saddle"], capture_output=True, check=False)
    return done.returncode == 0


def test_pip_installs_where_uv_is_missing(
    venv: Path, lock: Path, wheels: Path, no_settings: Path
) -> None:
    # Given no uv, and pip's configuration
    no_settings.write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")

    # When
    installer.install(venv, lock)

    # Then
    assert is_installed(venv)


def test_pip_installs_where_uv_fails(
    venv: Path, lock: Path, wheels: Path, no_settings: Path
) -> None:
    # Given
    no_settings.write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")
    calls = use_uv(venv, "echo error: no route to the index >&2; exit 2")

    # When
    installer.install(venv, lock)

    # Then
    assert calls.read_text().startswith("pip install ")
    assert is_installed(venv)


@needs_uv
def test_uv_installs_from_the_folder_pip_is_configured_to_use(
    venv: Path, lock: Path, wheels: Path, no_settings: Path
) -> None:
    # Given
    no_settings.write_text(f"[global]\nno-index = true\n[install]\nfind-links = {wheels}\n")
    use_uv(venv)

    # When uv installs, and pip could not
    installer.uv(venv, [installer.BUILT_BY_LOCKED, *installer.LOCKED, str(lock)])

    # Then
    assert is_installed(venv)


@needs_uv
@pytest.mark.parametrize("option", ["index-url", "extra-index-url"])
def test_uv_installs_from_the_index_pip_is_configured_to_use(
    venv: Path, lock: Path, index: Index, no_settings: Path, option: str
) -> None:
    # Given an index with a password; of two, the other one does not answer
    with_password = f"http://rider:secret@127.0.0.1:{index.server_port}/simple"
    other = f"http://rider:secret@127.0.0.1:{index.server_port}/empty"
    settings = [f"{option} = {with_password}"]
    settings += [f"index-url = {other}"] if option == "extra-index-url" else []
    no_settings.write_text("\n".join(["[global]", *settings, ""]))
    calls = use_uv(venv)

    # When
    installer.uv(venv, [installer.BUILT_BY_LOCKED, *installer.LOCKED, str(lock)])

    # Then it is used, and its password is not on a command line
    assert is_installed(venv)
    assert index.served >= 2
    assert "secret" not in calls.read_text()


@needs_uv
def test_neither_uv_nor_pip_installs_what_has_another_hash(
    venv: Path, lock: Path, wheels: Path, no_settings: Path
) -> None:
    # Given
    no_settings.write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")
    use_uv(venv)
    lock.write_text(f"saddle==1.0 --hash=sha256:{'0' * 64}\n")

    # When
    with pytest.raises(InstallError, match="DO NOT MATCH THE HASHES"):
        installer.install(venv, lock)

    # Then
    assert not is_installed(venv)


@pytest.mark.parametrize("builder", ["uv", "pip"])
def test_source_is_built_by_the_locked_setuptools_not_by_a_newer_one(
    venv: Path, tmp_path: Path, wheels: Path, no_settings: Path, builder: str
) -> None:
    # Given a package published as source only, and an index that has a newer, hostile setuptools
    if builder == "uv" and not (VENV / "bin" / "uv").exists():
        pytest.skip("uv is installed in .venv only")
    for wheel in wheels.iterdir():
        wheel.unlink()
    project = tmp_path / "saddle-1.0"
    project.mkdir()
    (project / "setup.py").write_text(
        "import setuptools\nsetuptools.setup(name='saddle', version='1.0', py_modules=['saddle'])\n"
    )
    (project / "saddle.py").touch()
    (project / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: saddle\nVersion: 1.0\n")
    archive = wheels / "saddle-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(project, project.name)
    hostile = wheels / "setuptools-999.0-py3-none-any.whl"
    info = "setuptools-999.0.dist-info"
    with zipfile.ZipFile(hostile, "w") as wheel_file:
        wheel_file.writestr(
            "setuptools/__init__.py", f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
        )
        wheel_file.writestr("setuptools/build_meta.py", "")
        wheel_file.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: setuptools\nVersion: 999.0\n"
        )
        wheel_file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel_file.writestr(f"{info}/RECORD", "")
    no_settings.write_text(f"[global]\nno-index = true\nfind-links = {wheels}\n")
    lock = write_lock(tmp_path / "lock.txt", archive)

    # When
    if builder == "uv":
        use_uv(venv)
        installer.uv(venv, [installer.BUILT_BY_LOCKED, *installer.LOCKED, str(lock)])
    else:
        installer.install_with_pip(venv, lock)

    # Then
    assert is_installed(venv)
    assert not (tmp_path / "ran").exists()


def test_what_builds_python_terraform_is_locked_by_version_and_hash() -> None:
    # When
    lines = (REQUIREMENTS / "installer.txt").read_text().replace("\\\n", "").splitlines()

    # Then
    locked = {line.split("==")[0].strip(): line for line in lines if "==" in line}
    assert set(locked) >= {"setuptools", "uv"}
    assert all("--hash=sha256:" in line for line in locked.values())


def test_pips_settings_become_uvs_variables() -> None:
    # Given what `pip config list` prints, where a variable wins over [install], and that over [global]
    listed = "\n".join(
        [
            ":env:.find-links='/a /b'",
            "global.index-url='https://mirror.example/simple'",
            "global.extra-index-url='\\nhttps://one.example/\\nhttps://two.example/'",
            "global.find-links='/c'",
            "global.cert='/etc/our authority.pem'",
            "global.trusted-host='mirror.example'",
            "install.index-url='https://other.example/simple'",
            "download.index-url='https://not-for-install.example/simple'",
            "global.timeout='60'",
        ]
    )

    # When
    settings = pip_settings.read_settings(listed)

    # Then
    assert pip_settings.as_uv_variables(settings) == {
        "UV_DEFAULT_INDEX": "https://other.example/simple",
        "UV_INDEX": "https://one.example/ https://two.example/",
        "UV_FIND_LINKS": "/a,/b",
        "SSL_CERT_FILE": "/etc/our authority.pem",
        "UV_INSECURE_HOST": "mirror.example",
        "UV_HTTP_TIMEOUT": "60",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert pip_settings.as_uv_options(settings) == []
    assert pip_settings.as_uv_options({"no-index": "true"}) == ["--no-index"]
