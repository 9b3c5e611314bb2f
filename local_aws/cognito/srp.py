"""The server side of Cognito's USER_SRP_AUTH: SRP-6a with the 3,072-bit group of RFC 5054, HKDF and HMAC.

Public numbers are hashed as two's-complement bytes, as all Cognito clients do.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
KEY_INFO = b"Caldera Derived Key\x01"
KEY_BYTES = 16


def _bytes(number: int) -> bytes:
    """Return the two's-complement bytes of a number, with a leading zero if the first bit would be a sign."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = _hash(_bytes(N), _bytes(G))


@dataclass(frozen=True)
class Identity:
    """Who signs in: the name of the pool (its id after the region), the user name, and the password."""

    pool_name: str
    user_name: str
    password: str

    def verifier(self, salt: int) -> int:
        """Return the verifier, with which the server checks a proof."""
        inner = hashlib.sha256(f"{self.pool_name}{self.user_name}:{self.password}".encode())
        return pow(G, _hash(_bytes(salt), inner.digest()), N)


@dataclass(frozen=True)
class Challenge:
    """A challenge: the client's public number, the server's secret and public ones, the salt and the verifier."""

    client_public: int
    secret: int
    public: int
    salt: int
    verifier: int


def challenge(client_public: int, salt: int, verifier: int) -> Challenge:
    """Return the challenge for a client's public number.

    Raises ValueError if that is a multiple of N, which would make the proof independent of the password.
    """
    if client_public % N == 0:
        raise ValueError("SRP_A must not be a multiple of N")
    secret = secrets.randbelow(N)
    public = (K * verifier + pow(G, secret, N)) % N
    return Challenge(client_public, secret, public, salt, verifier)


def proof(sent: Challenge, identity: Identity, secret_block: str, timestamp: str) -> str:
    """Return the PASSWORD_CLAIM_SIGNATURE for the right password, in base64; `secret_block` is in base64 too."""
    mixed = _hash(_bytes(sent.client_public), _bytes(sent.public))
    shared = pow(sent.client_public * pow(sent.verifier, mixed, N), sent.secret, N)
    pseudo_random = hmac.digest(_bytes(mixed), _bytes(shared), "sha256")
    key = hmac.digest(pseudo_random, KEY_INFO, "sha256")[:KEY_BYTES]
    message = f"{identity.pool_name}{identity.user_name}".encode()
    message += base64.b64decode(secret_block) + timestamp.encode()
    return base64.b64encode(hmac.digest(key, message, "sha256")).decode("ascii")
