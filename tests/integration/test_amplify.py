"""Amplify's own client signs in to the local Cognito: SRP as another team wrote it, from the npm registry."""

import json
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.integration.deployed import Client

PACKAGE = "amazon-cognito-identity-js@6.3.21"
PASSWORD = "a unicorn is here"
SIGN_IN = """
const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require("amazon-cognito-identity-js");
const [endpoint, UserPoolId, ClientId, Username, Password] = process.argv.slice(2);
const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
const answered = (answer) => console.log(JSON.stringify(answer));
new CognitoUser({ Username, Pool }).authenticateUser(new AuthenticationDetails({ Username, Password }), {
  onSuccess: (session) => answered({ name: session.getIdToken().payload["cognito:username"] }),
  onFailure: (error) => answered({ code: error.code }),
});
"""


@pytest.fixture(scope="module")
def amplify(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the client into a folder of its own, with a script that signs in."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("Node.js and npm are not installed")
    folder = tmp_path_factory.mktemp("amplify")
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (folder / "sign_in.js").write_text(SIGN_IN)
    return folder


def test_amplify_signs_in_with_the_right_password_only(
    endpoint: str, client: Client, amplify: Path
) -> None:
    # Given a rider of a pool
    cognito, name = client("cognito-idp"), f"zoe-{uuid.uuid4().hex[:8]}"
    pool_id = cognito.create_user_pool(PoolName="amplify")["UserPool"]["Id"]
    settings = {"UserPoolId": pool_id, "ClientName": "c"}
    client_id = cognito.create_user_pool_client(**settings)["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool_id, Username=name)
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=name, Password=f"{PASSWORD} A1!", Permanent=True
    )

    # When Amplify signs in with the password, and with another
    answers = []
    for password in (f"{PASSWORD} A1!", "another password"):
        arguments = [endpoint, pool_id, client_id, name, password]
        done = subprocess.run(
            ["node", "sign_in.js", *arguments],  # noqa: S607 - found on PATH, as a person's
            cwd=amplify,
            check=True,
            capture_output=True,
            text=True,
        )
        answers.append(json.loads(done.stdout))
    cognito.delete_user_pool(UserPoolId=pool_id)

    # Then the first is in, and the second is not
    assert answers == [{"name": name}, {"code": "NotAuthorizedException"}]
