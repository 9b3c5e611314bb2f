"""The reader of console blocks finds each command, and each difference."""

from pathlib import Path

import pytest

from scripts.project.paths import ROOT
from tests.support.console import Command, commands, differences

DOCUMENT = """\
# One

```console
$ make ride
✓ Package (0.1 s)
…
done
$ make test
```

## Two

```text
$ not typed
```

```console
$ make local
```
"""


def test_commands_have_their_output_section_and_line(tmp_path: Path) -> None:
    # Given a document
    document = tmp_path / "README.md"
    document.write_text(DOCUMENT)

    # When it is read, then each command is found, and nothing else
    assert commands(document) == [
        Command("make ride", ("✓ Package (0.1 s)", "…", "done"), "One", 4),
        Command("make test", (), "One", 8),
        Command("make local", (), "Two", 18),
    ]


def test_the_readme_has_commands() -> None:
    # Given this project's README, when it is read, then its first command is the ride
    assert commands(ROOT / "README.md")[0].typed == "make ride"


@pytest.mark.parametrize(
    ("shown", "output", "difference"),
    [
        ("a", "a\n", None),
        ("a", "b\n", "a"),
        ("a", "a\nb\n", "not shown: b"),
        ("a\n…", "a\nb\n", None),
        ("…\nb", "a\n\nb\n", None),
        ("a\nc", "a\nb\nc\n", "c"),
        ("a\n…\nc", "a\nb\nc\n", None),
        ("a\n…\nd", "a\nb\nc\n", "d"),
        ("a … c", "a b c", None),
        ("✓ init (0.1 s)", "✓ init (12.5 s)", None),
        ('  "Name": "Shadowfax",', '  "Name": "Rocinante",', None),
        ("Resources: 19 added", "Resources: 20 added", "Resources: 19 added"),
        ("at http://127.0.0.1:4566.", "at http://127.0.0.1:40001.", None),
        ("", "anything", None),
    ],
)
def test_output_is_compared_but_for_what_varies(
    shown: str, output: str, difference: str | None
) -> None:
    # Given lines as a document shows them
    command = Command("x", tuple(shown.splitlines()), "One", 1)

    # When they are compared with what was printed, then the first difference is named
    assert differences(command, output) == difference
