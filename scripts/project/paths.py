"""Where the checkout keeps its parts, as absolute paths."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION = ROOT / "function"
ZIP = ROOT / "build" / "function.zip"
TUTORIAL_EVENT = ROOT / "tests" / "events" / "test_request_event.json"
LOCK_FILE = ROOT / ".terraform.lock.hcl"
REQUIREMENTS = ROOT / "requirements"
VENV = ROOT / ".venv"
# What the commands keep between runs, and the working folders of those that are running.
LOCAL = ROOT / ".local"
AUDIT_VENV = LOCAL / "audit"
