"""Signed URLs that expire, at which the zips of functions and layers can be downloaded, like presigned URLs of S3."""

import base64
import hmac
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from local_aws.functions.api.store import Store, Stores
from local_aws.functions.api.version import Code
from local_aws.loopback import LOOPBACK

# "GetFunction": the URL is valid for 10 minutes.
VALID_S = 600
PATH = "/snapshots/"


@dataclass(frozen=True)
class Snapshot:
    """The zip of a function or layer with this name, in a store."""

    store: Store
    name: str
    code: Code

    @property
    def path(self) -> str:
        """The path of the URL."""
        digest = base64.b64decode(self.code.sha256).hex()
        return f"{PATH}{self.store.account}/{self.store.region}/{self.name}-{digest}"

    def location(self) -> str:
        """Return a URL of the zip on the local AWS's port, valid for ten minutes."""
        expires = str(int(time.time()) + VALID_S)
        query = urlencode({"Expires": expires, "Signature": self._signature(expires)})
        return f"http://{LOOPBACK}:{self.store.port}{self.path}?{query}"

    def is_signed(self, query: str) -> bool:
        """Whether a query string is from a URL that `location` returned, and has not expired."""
        given = parse_qs(query)
        [expires, signature] = [given.get(name, [""])[0] for name in ("Expires", "Signature")]
        signed = hmac.compare_digest(signature, self._signature(expires))
        return signed and int(expires) >= time.time()

    def _signature(self, expires: str) -> str:
        return hmac.digest(self.store.key, f"{self.path}?{expires}".encode(), "sha256").hex()


def find(stores: Stores, path: str) -> Snapshot | None:
    """Return the snapshot at the path of a URL; None if it does not exist any more."""
    return next((each for each in _snapshots(stores) if each.path == path), None)


def _snapshots(stores: Stores) -> Iterator[Snapshot]:
    for store in stores.all():
        for function in list(store.functions.values()):
            for version in list(function.versions.values()):
                yield Snapshot(store, function.name, version.code)
        for layer in list(store.layers.values()):
            for content in list(layer.versions.values()):
                yield Snapshot(store, layer.name, content.code)
