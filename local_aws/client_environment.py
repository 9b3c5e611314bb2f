"""What a program's environment holds to use the local AWS as it would use AWS, and nothing else."""

import os

from local_aws.loopback import NO_PROXY

REGION = "us-east-1"
# Made up: the administrator's, for a local AWS gives out no others by itself; real ones never reach it.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def export_lines(endpoint: str) -> list[str]:
    """Return the shell lines that point any POSIX shell at the local AWS and nowhere else."""
    variables = {"AWS_ENDPOINT_URL": endpoint, **CREDENTIALS}
    return [
        r"unset $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p')",
        *(f"export {name}={value}" for name, value in variables.items()),
        # Go reads the first of the two names, Python the second; what else needs no proxy still needs none.
        f'export NO_PROXY="{NO_PROXY}${{NO_PROXY:+,$NO_PROXY}}"',
        f'export no_proxy="{NO_PROXY}${{no_proxy:+,$no_proxy}}"',
    ]
