"""The local AWS's user pools sign in whom Cognito would: tested with boto3 and with pycognito, a client of others."""

import json
import re
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pytest
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.jwk import KeySet
from pycognito import AWSSRP

from local_aws.client import local_aws
from local_aws.client_environment import REGION
from tests.integration.deployed import clients_of

PASSWORD = "a unicorn is here"
SUITABLE = {"MinimumLength": 12}


@dataclass(frozen=True)
class Riders:
    """A pool with a client, as Terraform makes them, and the mail that was sent."""

    endpoint: str
    messages: Path
    cognito: Any
    pool_id: str
    client_id: str

    def sign_up(self, name: str) -> str:
        """Sign up with an address of the name's own; returns the code that was mailed."""
        self.cognito.sign_up(
            ClientId=self.client_id,
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
        )
        return self.mailed(name)

    def mailed(self, name: str) -> str:
        """Return the last code that was mailed to a name's address."""
        codes: list[str] = re.findall(
            rf"mail to {name}@example.com: .* (\d{{6}})\n", self.messages.read_text()
        )
        return codes[-1]

    def rider(self, name: str) -> str:
        """Sign up and confirm."""
        self.confirm(name, self.sign_up(name))
        return name

    def confirm(self, name: str, code: str) -> None:
        self.cognito.confirm_sign_up(ClientId=self.client_id, Username=name, ConfirmationCode=code)

    def sign_in(self, name: str, password: str = PASSWORD) -> dict[str, Any]:
        """Sign in with SRP, by pycognito."""
        client = AWSSRP(name, password, self.pool_id, self.client_id, client=self.cognito)
        result: dict[str, Any] = client.authenticate_user()["AuthenticationResult"]
        return result


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextIO]:
    """Give the file that a local AWS prints its mail to."""
    with (tmp_path_factory.mktemp("mail") / "messages").open("w+") as file:
        yield file


@pytest.fixture(scope="module")
def riders(messages: TextIO) -> Iterator[Riders]:
    """Give a pool on a local AWS of its own."""
    with local_aws(messages=messages) as endpoint:
        cognito = clients_of(endpoint)("cognito-idp")
        pool = cognito.create_user_pool(
            PoolName="riders",
            AutoVerifiedAttributes=["email"],
            Policies={"PasswordPolicy": SUITABLE},
            UsernameConfiguration={"CaseSensitive": False},
        )["UserPool"]
        client = cognito.create_user_pool_client(
            UserPoolId=pool["Id"],
            ClientName="page",
            ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            PreventUserExistenceErrors="ENABLED",
            EnableTokenRevocation=True,
            IdTokenValidity=60,
            TokenValidityUnits={"IdToken": "minutes"},
        )["UserPoolClient"]
        yield Riders(endpoint, Path(messages.name), cognito, pool["Id"], client["ClientId"])


@pytest.fixture
def name() -> str:
    return f"zoe-{uuid.uuid4().hex[:8]}"


def code_of(error: "pytest.ExceptionInfo[ClientError]") -> str:
    return str(error.value.response["Error"]["Code"])


def test_who_proved_an_address_signs_in_with_tokens_that_the_pool_signed(
    riders: Riders, name: str
) -> None:
    # Given a rider who signed up and confirmed
    riders.rider(name)

    # When they sign in
    tokens = riders.sign_in(name)

    # Then the ID token is signed with the pool's published key, and says who they are
    url = f"{riders.endpoint}/{riders.pool_id}/.well-known/jwks.json"
    with urllib.request.urlopen(url) as published:  # noqa: S310 - loopback
        keys = KeySet.import_key_set(json.load(published))
    claims = jwt.decode(tokens["IdToken"], keys, algorithms=["RS256"]).claims
    assert claims["cognito:username"] == name
    assert claims["email"] == f"{name}@example.com"
    assert claims["email_verified"] is True
    assert claims["aud"] == riders.client_id
    assert claims["iss"] == f"https://cognito-idp.{REGION}.amazonaws.com/{riders.pool_id}"
    assert (claims["token_use"], claims["exp"] - claims["iat"]) == ("id", 3600)

    # And the access token answers for them
    user = riders.cognito.get_user(AccessToken=tokens["AccessToken"])
    assert user["Username"] == name


def test_a_wrong_password_signs_nobody_in_and_looks_like_an_unknown_name(
    riders: Riders, name: str
) -> None:
    # Given a rider
    riders.rider(name)

    # When the password is wrong, or the name is nobody's
    errors = []
    for who, password in ((name, "another password"), ("nobody", PASSWORD)):
        with pytest.raises(ClientError) as refused:
            riders.sign_in(who, password)
        errors.append(refused.value.response["Error"])

    # Then both are refused alike
    assert errors[0] == errors[1]
    assert errors[0] == {
        "Code": "NotAuthorizedException",
        "Message": "Incorrect username or password.",
    }


def test_a_name_is_the_same_in_any_case(riders: Riders, name: str) -> None:
    # Given a rider, when they sign in with another case, then they are the same rider
    riders.rider(name)
    assert riders.sign_in(name.upper())["IdToken"]

    # And nobody else takes the name so
    with pytest.raises(ClientError) as refused:
        riders.sign_up(name.upper())
    assert code_of(refused) == "UsernameExistsException"


def test_without_the_code_nobody_is_confirmed_and_who_is_not_cannot_sign_in(
    riders: Riders, name: str
) -> None:
    # Given a rider who signed up
    code = riders.sign_up(name)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    # When another code is tried, then it confirms nothing
    with pytest.raises(ClientError) as refused:
        riders.confirm(name, wrong)
    assert code_of(refused) == "CodeMismatchException"

    # And the right password alone does not sign in
    with pytest.raises(ClientError) as refused:
        riders.sign_in(name)
    assert code_of(refused) == "UserNotConfirmedException"

    # And a new code replaces the first
    riders.cognito.resend_confirmation_code(ClientId=riders.client_id, Username=name)
    riders.confirm(name, riders.mailed(name))
    assert riders.sign_in(name)["IdToken"]


def test_a_forgotten_password_is_replaced_with_a_code(riders: Riders, name: str) -> None:
    # Given a rider who forgot the password
    riders.rider(name)
    riders.cognito.forgot_password(ClientId=riders.client_id, Username=name)

    # When they choose another with the code that was mailed
    riders.cognito.confirm_forgot_password(
        ClientId=riders.client_id,
        Username=name,
        ConfirmationCode=riders.mailed(name),
        Password="another unicorn",
    )

    # Then that one signs in, and the old one does not
    assert riders.sign_in(name, "another unicorn")["IdToken"]
    with pytest.raises(ClientError):
        riders.sign_in(name)


def test_a_short_password_is_refused_and_a_long_one_of_small_letters_is_not(
    riders: Riders, name: str
) -> None:
    # Given a pool that asks for length alone
    # When somebody signs up with a short password
    with pytest.raises(ClientError) as refused:
        riders.cognito.sign_up(ClientId=riders.client_id, Username=name, Password="Short1!")

    # Then the policy is named, and PASSWORD is fine
    assert code_of(refused) == "InvalidPasswordException"
    riders.sign_up(name)


def test_a_password_of_spaces_is_refused_at_sign_up_and_at_a_reset(
    riders: Riders, name: str
) -> None:
    # Given a rider who asked for a code to choose another password
    riders.rider(name)
    riders.cognito.forgot_password(ClientId=riders.client_id, Username=name)

    # When somebody signs up with twelve spaces, or they are to be the rider's new password
    spaces = {"ClientId": riders.client_id, "Password": " " * 12}
    with pytest.raises(ClientError) as sign_up:
        riders.cognito.sign_up(Username=f"{name}-2", **spaces)
    with pytest.raises(ClientError) as reset:
        riders.cognito.confirm_forgot_password(
            Username=name, ConfirmationCode=riders.mailed(name), **spaces
        )

    # Then neither is a password
    assert code_of(sign_up) == code_of(reset) == "InvalidParameterException"
    assert riders.sign_in(name)["IdToken"]


@pytest.mark.parametrize(
    ("password", "code"),
    [("Short1!", "InvalidPasswordException"), (" " * 12, "InvalidParameterException")],
)
def test_a_password_that_an_administrator_or_the_rider_sets_conforms_too(
    riders: Riders, name: str, password: str, code: str
) -> None:
    # Given a rider who signed in
    tokens = riders.sign_in(riders.rider(name))
    cognito, user = riders.cognito, {"UserPoolId": riders.pool_id, "Username": name}

    # When a password that does not conform is set, in each way
    with pytest.raises(ClientError) as created:
        cognito.admin_create_user(**user | {"Username": f"{name}-2"}, TemporaryPassword=password)
    with pytest.raises(ClientError) as set_:
        cognito.admin_set_user_password(**user, Password=password, Permanent=True)
    with pytest.raises(ClientError) as changed:
        cognito.change_password(
            AccessToken=tokens["AccessToken"],
            PreviousPassword=PASSWORD,
            ProposedPassword=password,
        )

    # Then it is refused as at sign-up
    assert {code_of(refused) for refused in (created, set_, changed)} == {code}
    assert riders.sign_in(name)["IdToken"]


@pytest.mark.parametrize("wrong", ["zoe zoe", "zoe\n", "zoe\u202e", "z" * 129])
def test_a_name_that_cannot_be_one_is_refused(riders: Riders, wrong: str) -> None:
    # Given a name with a space, a control or a format character, or too long a one
    # When somebody signs up with it, or is created
    sign_up = {"ClientId": riders.client_id, "Username": wrong, "Password": PASSWORD}
    refusals = [unsigned(riders, "SignUp", sign_up)]
    refusals.append(unsigned(riders, "ForgotPassword", {**sign_up}))

    # Then it is refused, with the pattern
    for status, error in refusals:
        assert (status, error["__type"]) == (400, "InvalidParameterException")
        assert "Value at 'username' failed to satisfy constraint" in error["message"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Username": None}, "InvalidParameterException"),
        ({"Username": ""}, "InvalidParameterException"),
        ({"Password": None}, "InvalidParameterException"),
        ({"ClientId": {"a": 1}}, "SerializationException"),
        ({"Username": 5}, "SerializationException"),
        ({"UserAttributes": [{"Value": "nameless"}]}, "InvalidParameterException"),
        ([], "SerializationException"),
    ],
)
def test_a_request_that_is_not_of_the_model_is_refused_and_no_error_of_ours(
    riders: Riders, parameters: Any, code: str
) -> None:
    # Given a request for a sign-up, with something missing, empty or of another type
    whole = {"ClientId": riders.client_id, "Username": "zoe", "Password": PASSWORD}
    request = {**whole, **parameters} if isinstance(parameters, dict) else parameters

    # When it is sent, then it is refused
    status, error = unsigned(riders, "SignUp", request)
    assert (status, error["__type"]) == (400, code)


def unsigned(riders: Riders, operation: str, parameters: dict[str, Any]) -> tuple[int, Any]:
    """Ask for what needs no credentials, past boto3's own checks."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        riders.endpoint,
        json.dumps(parameters).encode(),
        {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": f"AWSCognitoIdentityProviderService.{operation}",
        },
    )
    try:
        answer = urllib.request.urlopen(request)  # noqa: S310 - loopback
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, json.loads(answer.read() or b"{}")


def test_a_flow_that_the_client_does_not_allow_is_refused(riders: Riders, name: str) -> None:
    # Given a client for SRP
    riders.rider(name)

    # When the password itself is sent
    with pytest.raises(ClientError) as refused:
        riders.cognito.initiate_auth(
            ClientId=riders.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )

    # Then it is refused
    assert refused.value.response["Error"]["Message"] == (
        "USER_PASSWORD_AUTH flow not enabled for this client"
    )


def client_of(riders: Riders, *flows: str, **options: Any) -> dict[str, Any]:
    """Make another client in the pool."""
    client: dict[str, Any] = riders.cognito.create_user_pool_client(
        UserPoolId=riders.pool_id, ClientName="c", ExplicitAuthFlows=list(flows), **options
    )["UserPoolClient"]
    return client


def test_an_administrators_sign_in_needs_its_flow_and_counts_for_the_lockout(
    riders: Riders, name: str
) -> None:
    # Given a rider, the client for SRP, and one for administrators
    riders.rider(name)
    admins = client_of(riders, "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")

    def sign_in(client_id: str, password: str) -> Any:
        return riders.cognito.admin_initiate_auth(
            UserPoolId=riders.pool_id,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )

    # When the password is sent, then only the second takes it
    assert sign_in(admins["ClientId"], PASSWORD)["AuthenticationResult"]["IdToken"]
    with pytest.raises(ClientError) as refused:
        sign_in(riders.client_id, PASSWORD)
    assert code_of(refused) == "InvalidParameterException"

    # And wrong passwords, in any alphabet, lock the rider out
    for _ in range(6):
        with pytest.raises(ClientError) as refused:
            sign_in(admins["ClientId"], "a wrong pässword")
    assert refused.value.response["Error"]["Message"] == "Password attempts exceeded"


def test_an_administrator_refreshes_the_tokens_of_a_rider(riders: Riders, name: str) -> None:
    # Given a rider's refresh token
    riders.rider(name)
    tokens = riders.sign_in(name)

    # When an administrator sends it
    answer = riders.cognito.admin_initiate_auth(
        UserPoolId=riders.pool_id,
        ClientId=riders.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )

    # Then there are new tokens
    assert answer["AuthenticationResult"]["IdToken"] != tokens["IdToken"]


def test_a_client_with_a_secret_refreshes_only_with_its_hash(riders: Riders, name: str) -> None:
    # Given a client with a secret, and a rider who signed in with it
    client = client_of(
        riders, "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", GenerateSecret=True
    )
    code = riders.sign_up(name)
    riders.confirm(name, code)
    signing_in = AWSSRP(
        *(name, PASSWORD, riders.pool_id, client["ClientId"]),
        client=riders.cognito,
        client_secret=client["ClientSecret"],
    )
    tokens = signing_in.authenticate_user()["AuthenticationResult"]

    # When the tokens are refreshed without the hash, or a code is asked for
    secretless = {"ClientId": client["ClientId"]}
    with pytest.raises(ClientError) as refreshed:
        riders.cognito.initiate_auth(
            **secretless,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )
    with pytest.raises(ClientError) as forgot:
        riders.cognito.forgot_password(**secretless, Username=name)

    # Then it is refused
    assert code_of(refreshed) == code_of(forgot) == "NotAuthorizedException"


def test_rotation_replaces_the_refresh_token(riders: Riders, name: str) -> None:
    # Given a client that rotates refresh tokens, and a rider who signed in
    client = client_of(
        *(riders, "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )
    riders.rider(name)
    signing_in = AWSSRP(name, PASSWORD, riders.pool_id, client["ClientId"], client=riders.cognito)
    old = signing_in.authenticate_user()["AuthenticationResult"]["RefreshToken"]

    def fresh(token: str) -> dict[str, Any]:
        result: dict[str, Any] = riders.cognito.get_tokens_from_refresh_token(
            ClientId=client["ClientId"], RefreshToken=token
        )["AuthenticationResult"]
        return result

    # When it is used, then there is a new one, and the old one is of no more use
    new = fresh(old)["RefreshToken"]
    assert new != old
    with pytest.raises(ClientError) as refused:
        fresh(old)
    assert code_of(refused) == "RefreshTokenReuseException"
    assert fresh(new)["RefreshToken"] not in (old, new)

    # And the older flow is not for such a client
    with pytest.raises(ClientError) as refused:
        riders.cognito.initiate_auth(
            ClientId=client["ClientId"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": new},
        )
    assert code_of(refused) == "InvalidParameterException"


def test_forgetting_a_password_says_nothing_of_who_has_an_account(
    riders: Riders, name: str
) -> None:
    # Given somebody who has not confirmed, and a name that nobody has
    code = riders.sign_up(name)

    # When a code is asked for, for both
    deliveries = [
        riders.cognito.forgot_password(ClientId=riders.client_id, Username=one)[
            "CodeDeliveryDetails"
        ]["DeliveryMedium"]
        for one in (name, f"{name}-nobody")
    ]

    # Then both look alike, and the code of the sign-up sets no password
    assert deliveries == ["EMAIL", "EMAIL"]
    with pytest.raises(ClientError) as refused:
        riders.cognito.confirm_forgot_password(
            ClientId=riders.client_id, Username=name, ConfirmationCode=code, Password=PASSWORD
        )
    assert code_of(refused) == "ExpiredCodeException"


def test_a_proof_is_good_once(riders: Riders, name: str) -> None:
    # Given the answer to a challenge that signed in
    riders.rider(name)
    client = AWSSRP(name, PASSWORD, riders.pool_id, riders.client_id, client=riders.cognito)
    challenge = riders.cognito.initiate_auth(
        ClientId=riders.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters=client.get_auth_params(),
    )
    answer = {
        "ClientId": riders.client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": client.process_challenge(
            challenge["ChallengeParameters"], client.get_auth_params()
        ),
    }
    riders.cognito.respond_to_auth_challenge(**answer)

    # When it is sent again
    with pytest.raises(ClientError) as refused:
        riders.cognito.respond_to_auth_challenge(**answer)

    # Then it is refused
    assert code_of(refused) == "NotAuthorizedException"


def test_a_session_sets_nobody_elses_password(riders: Riders, name: str) -> None:
    # Given a rider, and another whose password must be changed, who signed in so far
    riders.rider(name)
    other = f"{name}-new"
    riders.cognito.admin_create_user(
        UserPoolId=riders.pool_id, Username=other, TemporaryPassword=PASSWORD
    )
    signing_in = AWSSRP(other, PASSWORD, riders.pool_id, riders.client_id, client=riders.cognito)
    challenge = riders.cognito.initiate_auth(
        ClientId=riders.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters=signing_in.get_auth_params(),
    )
    session = riders.cognito.respond_to_auth_challenge(
        ClientId=riders.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=signing_in.process_challenge(
            challenge["ChallengeParameters"], signing_in.get_auth_params()
        ),
    )["Session"]

    # When that one's session is answered with the rider's name
    answer = {"USERNAME": name, "NEW_PASSWORD": "taken over, taken over"}
    with pytest.raises(ClientError) as refused:
        riders.cognito.respond_to_auth_challenge(
            ClientId=riders.client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session,
            ChallengeResponses=answer,
        )

    # Then it is refused, and the rider's password is as it was
    assert code_of(refused) == "NotAuthorizedException"
    assert riders.sign_in(name)["IdToken"]


@pytest.mark.parametrize("exists", [True, False])
def test_challenges_that_wait_are_no_way_around_the_lockout_nor_to_who_has_an_account(
    riders: Riders, name: str, exists: bool
) -> None:
    # Given a rider or a name that nobody has, and somebody who asks for many challenges before answering any
    if exists:
        riders.rider(name)
    guesses = []
    for number in range(8):
        guess = AWSSRP(
            name.upper(), f"guess {number}", riders.pool_id, riders.client_id, client=riders.cognito
        )
        challenge = riders.cognito.initiate_auth(
            ClientId=riders.client_id,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters=guess.get_auth_params(),
        )
        parameters = challenge["ChallengeParameters"]
        assert parameters["USERNAME"] == name
        guesses.append(
            guess.process_challenge(challenge["ChallengeParameters"], guess.get_auth_params())
        )

    # When one is answered with a time that cannot be read
    with pytest.raises(ClientError) as refused:
        riders.cognito.respond_to_auth_challenge(
            ClientId=riders.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={**guesses.pop(), "TIMESTAMP": "now"},
        )
    assert code_of(refused) == "InvalidParameterException"

    # And all others at once
    messages = []
    for answer in guesses:
        with pytest.raises(ClientError) as refused:
            riders.cognito.respond_to_auth_challenge(
                ClientId=riders.client_id,
                ChallengeName="PASSWORD_VERIFIER",
                ChallengeResponses=answer,
            )
        messages.append(refused.value.response["Error"]["Message"])

    # Then five are judged, and the rest are not
    assert messages[4] == "Incorrect username or password."
    assert messages[-1] == "Password attempts exceeded"


def refreshed(riders: Riders, token: str) -> dict[str, Any]:
    answer = riders.cognito.initiate_auth(
        ClientId=riders.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token},
    )
    result: dict[str, Any] = answer["AuthenticationResult"]
    return result


def test_a_refresh_token_gives_new_tokens_until_it_is_revoked(riders: Riders, name: str) -> None:
    # Given a rider who signed in
    riders.rider(name)
    tokens = riders.sign_in(name)
    refresh_token = tokens["RefreshToken"]
    assert refreshed(riders, refresh_token)["IdToken"] != tokens["IdToken"]

    # When the token is revoked
    riders.cognito.revoke_token(ClientId=riders.client_id, Token=refresh_token)

    # Then it gives none, and the access token it gave is no good
    with pytest.raises(ClientError) as refused:
        refreshed(riders, refresh_token)
    assert refused.value.response["Error"]["Message"] == "Refresh Token has been revoked"
    with pytest.raises(ClientError) as refused:
        riders.cognito.get_user(AccessToken=tokens["AccessToken"])
    assert code_of(refused) == "NotAuthorizedException"


def test_revoking_ends_one_session_and_not_the_others(riders: Riders, name: str) -> None:
    # Given a rider who signed in twice
    riders.rider(name)
    one, other = riders.sign_in(name), riders.sign_in(name)

    # When the first session is revoked
    riders.cognito.revoke_token(ClientId=riders.client_id, Token=one["RefreshToken"])

    # Then its access token is no good, and the other's is
    with pytest.raises(ClientError):
        riders.cognito.get_user(AccessToken=one["AccessToken"])
    assert riders.cognito.get_user(AccessToken=other["AccessToken"])["Username"] == name
    assert refreshed(riders, other["RefreshToken"])["IdToken"]

    # And only refresh tokens can be revoked
    with pytest.raises(ClientError) as refused:
        riders.cognito.revoke_token(ClientId=riders.client_id, Token=other["AccessToken"])
    assert code_of(refused) == "UnsupportedTokenTypeException"


def test_an_administrator_ends_every_session_whatever_the_case_of_the_name(
    riders: Riders, name: str
) -> None:
    # Given a rider who signed in
    tokens = riders.sign_in(riders.rider(name))

    # When an administrator signs them out, by the name in capitals
    riders.cognito.admin_user_global_sign_out(UserPoolId=riders.pool_id, Username=name.upper())

    # Then the session has ended
    with pytest.raises(ClientError):
        refreshed(riders, tokens["RefreshToken"])


def test_signing_out_everywhere_ends_every_session(riders: Riders, name: str) -> None:
    # Given a rider who signed in twice
    riders.rider(name)
    sessions = [riders.sign_in(name) for _ in range(2)]

    # When they sign out everywhere in one
    riders.cognito.global_sign_out(AccessToken=sessions[0]["AccessToken"])

    # Then the other has ended too
    for session in sessions:
        with pytest.raises(ClientError):
            refreshed(riders, session["RefreshToken"])


def test_each_pool_has_a_key_of_its_own(riders: Riders) -> None:
    # Given another pool
    other = riders.cognito.create_user_pool(PoolName="others")["UserPool"]["Id"]

    # When both publish their keys
    published = []
    for pool_id in (riders.pool_id, other):
        with urllib.request.urlopen(  # noqa: S310 - loopback
            f"{riders.endpoint}/{pool_id}/.well-known/jwks.json"
        ) as answer:
            published.append(json.load(answer)["keys"])

    # Then they are different, and public
    assert published[0][0]["n"] != published[1][0]["n"]
    assert not {"d", "p", "q"} & published[0][0].keys()


def test_an_update_keeps_what_it_cannot_change(riders: Riders) -> None:
    # Given a pool that ignores the case of names, with tags
    made = riders.cognito.create_user_pool(
        PoolName="kept",
        UsernameConfiguration={"CaseSensitive": False},
        UserPoolTags={"a": "1"},
    )["UserPool"]

    # When it is updated and tagged
    riders.cognito.update_user_pool(UserPoolId=made["Id"], Policies={"PasswordPolicy": SUITABLE})
    riders.cognito.tag_resource(ResourceArn=made["Arn"], Tags={"b": "2"})

    # Then it is as it was but for that
    pool = riders.cognito.describe_user_pool(UserPoolId=made["Id"])["UserPool"]
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["Policies"]["PasswordPolicy"]["RequireSymbols"] is False
    tags = riders.cognito.list_tags_for_resource(ResourceArn=made["Arn"])["Tags"]
    assert tags["b"] == "2"


def test_a_protected_pool_is_deleted_only_after_its_protection_is_switched_off(
    riders: Riders,
) -> None:
    # Given a pool that is protected
    pool = riders.cognito.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE")
    pool_id = pool["UserPool"]["Id"]

    # When it is deleted
    with pytest.raises(ClientError) as refused:
        riders.cognito.delete_user_pool(UserPoolId=pool_id)

    # Then it still exists
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"
    assert "deletion protection is activated" in str(refused.value)
    riders.cognito.describe_user_pool(UserPoolId=pool_id)

    # And without its protection it can be deleted
    riders.cognito.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    riders.cognito.delete_user_pool(UserPoolId=pool_id)


def test_a_hundred_sign_ups_at_once_are_a_hundred_riders(riders: Riders, name: str) -> None:
    # Given a hundred people who sign up at once, all with one of ten names
    def sign_up(number: int) -> str:
        try:
            riders.sign_up(f"{name}-{number % 10}")
        except ClientError as refused:
            return str(refused.response["Error"]["Code"])
        return "signed up"

    # When each is answered
    with ThreadPoolExecutor(20) as people:
        answers = Counter(people.map(sign_up, range(100)))

    # Then each name has one rider, and nobody got anything but an answer
    assert answers == {"signed up": 10, "UsernameExistsException": 90}


def ask_as_page(
    endpoint: str, operation: str, origin: str, method: str = "POST"
) -> tuple[int, str]:
    """Send a request as a page of an origin; returns the status, and which origin may read the answer."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        endpoint,
        data=b"{}" if method == "POST" else None,
        method=method,
        headers={
            "Origin": origin,
            "Sec-Fetch-Site": "cross-site",
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
        },
    )
    try:
        answer = urllib.request.urlopen(request)  # noqa: S310 - loopback
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers.get("Access-Control-Allow-Origin", "")


@pytest.mark.parametrize(
    ("operation", "origin", "let_in"),
    [
        ("InitiateAuth", "http://127.0.0.1:40000", True),
        ("SignUp", "http://localhost:3000", True),
        ("AdminCreateUser", "http://127.0.0.1:40000", False),
        ("ListUserPools", "http://127.0.0.1:40000", False),
        ("InitiateAuth", "https://evil.example", False),
        ("InitiateAuth", "http://127.0.0.1.evil.example", False),
        ("InitiateAuth", "null", False),
    ],
)
def test_a_page_of_this_machine_may_ask_what_needs_no_credentials_and_nothing_else(
    riders: Riders, operation: str, origin: str, let_in: bool
) -> None:
    # Given a page of some origin
    # When it calls an operation of Cognito's across origins
    status, readable = ask_as_page(riders.endpoint, operation, origin)

    # Then it is let in, or refused before anything is read
    assert (status != 403, bool(readable)) == (let_in, let_in)
    preflight, _ = ask_as_page(riders.endpoint, operation, origin, "OPTIONS")
    assert (preflight == 204) == ("evil" not in origin and origin != "null")
