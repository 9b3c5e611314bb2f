"""The environment variables with which a program uses the local AWS instead of AWS."""

import os

from local_aws.loopback import NO_PROXY

REGION = "us-east-1"
# Made-up credentials of the administrator; real credentials never reach the local AWS.
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
    """Return the lines that make programs started from a POSIX shell use the local AWS, and never AWS."""
    variables = {"AWS_ENDPOINT_URL": endpoint, **CREDENTIALS}
    return [
        r"unset $(env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p')",
        *(f"export {name}={value}" for name, value in variables.items()),
        # Go reads the first name, Python the second. Hosts that are already exempt from the proxy stay exempt.
        f'export NO_PROXY="{NO_PROXY}${{NO_PROXY:+,$NO_PROXY}}"',
        f'export no_proxy="{NO_PROXY}${{no_proxy:+,$no_proxy}}"',
    ]
