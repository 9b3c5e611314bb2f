"""Every Markdown file of the repository: its links lead somewhere, and the code it quotes is the code."""

import json
import re
import runpy
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.project.paths import ROOT, TUTORIAL_EVENT

LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
# A file of this repository in running text; NAME and the like stand for any.
NAMED = re.compile(r"`((?:[a-z_.-]+/)+[a-z_.-]+\.(?:py|tf|hcl|json|toml|md))`")
# Files that a person or a verb makes.
MADE = {"build/function.json", "function/requirements.txt"}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The first line of a block that quotes a file of this repository: a comment with its path.
QUOTED = re.compile(r"# ((?:function/|modules/)?\w+\.(?:py|tf))\n(.*)", re.DOTALL)


def markdown() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    return subprocess.run(
        listed, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()


def anchors(document: Path) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    text = FENCED.sub("", document.read_text())
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", markdown())
def test_links_lead_to_a_file_and_a_heading(name: str) -> None:
    # Given a document
    document = ROOT / name

    # When its links into this repository are followed
    for link in LINK.findall(FENCED.sub("", document.read_text())):
        path, _, heading = link.partition("#")
        target = (document.parent / path).resolve() if path else document

        # Then each leads to a file, and to a heading of it
        assert target.exists(), link
        assert not heading or heading in anchors(target), link


@pytest.mark.parametrize("name", markdown())
def test_files_that_are_named_exist(name: str) -> None:
    # Given the prose of a document
    prose = FENCED.sub("", (ROOT / name).read_text())

    # When the files are looked for that it names by their path
    named = set(NAMED.findall(prose)) - MADE
    missing = [path for path in named if not (ROOT / path).exists()]

    # Then they exist
    assert not missing


def test_quoted_code_is_the_code() -> None:
    # Given the blocks of the walkthrough that name the file they quote
    text = (ROOT / "docs" / "walkthrough.md").read_text()
    quotes = [quote for _, block in FENCED.findall(text) for quote in QUOTED.findall(block)]
    assert quotes

    # When that file is read
    for name, code in quotes:
        source = (ROOT / name).read_text()

        # Then it has those lines
        assert code in source, name


def test_hello_world_answers_the_tutorials_event(tmp_path: Path) -> None:
    # Given the walkthrough's first lines of Python, in the file that they replace
    blocks = FENCED.findall((ROOT / "docs" / "walkthrough.md").read_text())
    code = next(code for language, code in blocks if language == "python")
    (tmp_path / "hello.py").write_text(code)
    hello = runpy.run_path(str(tmp_path / "hello.py"))

    # When the tutorial's event arrives
    event = json.loads(TUTORIAL_EVENT.read_text())
    answer = hello["handler"](event, SimpleNamespace(function_name="RequestUnicorn"))

    # Then the answer is the one that the walkthrough shows
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"message": "Hello World", "path": "/ride"}
