"""A function on the local AWS, as the tests handle it."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FUNCTIONS = Path(__file__).parent / "functions"


@dataclass(frozen=True)
class Deployed:
    """A function on the local AWS, by name, with its role and log group of the same name."""

    name: str
    log_group: str
    client: Callable[[str], Any]

    def invoke(self, event: object = None, **options: Any) -> dict[str, Any]:
        """Call the function; the answer's payload is parsed."""
        answer = self.client("lambda").invoke(
            FunctionName=self.name, Payload=json.dumps(event), **options
        )
        text = answer["Payload"].read()
        return {**answer, "Payload": json.loads(text) if text else None}


def zipped(file: str, text: str | None = None) -> bytes:
    """Zip one file of tests/integration/functions, or other text under its name."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr(file, text if text is not None else (FUNCTIONS / file).read_text())
    return archive.getvalue()
