"""What Lambda's operations answer and change, as AWS was recorded to."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.deployed import Client, zipped
from tests.integration.lambda_api.conftest import PREFIX, Prepared, make, unmake

STATES = {"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "RuntimeVersionConfig"}


def status(answer: dict[str, Any]) -> int:
    code: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return code


def refused(call: Any, **parameters: Any) -> str:
    """Return the code of the error that a call is refused with."""
    with pytest.raises(ClientError) as error:
        call(**parameters)
    code: str = error.value.response["Error"]["Code"]
    return code


def test_a_function_is_pending_then_active_and_an_update_in_progress_then_successful(
    client: Client,
) -> None:
    # Given a new function, and its answer
    function = make(client)
    service, name = function.service, function.name
    created = service.create_function(
        FunctionName=f"{name}-2",
        Runtime="python3.13",
        Role=function.role,
        Handler="probe.handler",
        Code={"ZipFile": zipped("probe.py")},
    )

    # When it is updated, twice at once, and a new function too
    updated = service.update_function_code(FunctionName=name, ZipFile=zipped("probe.py", "x=1"))
    code_again = refused(
        service.update_function_configuration, FunctionName=name, Description="again"
    )
    at_once = refused(service.update_function_code, FunctionName=f"{name}-2", ZipFile=b"x")
    settled = function.ready().service.get_function_configuration(FunctionName=name)

    # Then each answer has its state, the second update is a conflict, and lists have no states
    assert (created["State"], created["StateReasonCode"]) == ("Pending", "Creating")
    assert "LastUpdateStatus" not in created
    assert (updated["State"], updated["LastUpdateStatus"]) == ("Active", "InProgress")
    assert code_again == at_once == "ResourceConflictException"
    assert (settled["State"], settled["LastUpdateStatus"]) == ("Active", "Successful")
    listed = service.list_functions()["Functions"]
    assert not any(STATES & entry.keys() for entry in listed)
    service.delete_function(FunctionName=f"{name}-2")
    unmake(client, function)


def test_an_answer_has_what_aws_sends_and_nothing_else(function: Prepared) -> None:
    # Given a function with nothing configured
    # When it is read
    answer = function.service.get_function(FunctionName=function.name)
    configuration = answer["Configuration"]

    # Then that is what AWS sends
    assert set(configuration) == {
        *("Architectures", "CodeSha256", "CodeSize", "Description", "EphemeralStorage"),
        *("FunctionArn", "FunctionName", "Handler", "LastModified", "LastUpdateStatus"),
        *("LoggingConfig", "MemorySize", "PackageType", "RevisionId", "Role", "Runtime"),
        *("RuntimeVersionConfig", "SnapStart", "State", "Timeout", "TracingConfig", "Version"),
    }
    assert set(answer) == {"Code", "Configuration", "ResponseMetadata"}
    assert configuration["LoggingConfig"] == {
        "LogFormat": "Text",
        "LogGroup": f"/aws/lambda/{function.name}",
    }


def test_a_revision_changes_with_state_update_and_publish(function: Prepared) -> None:
    # Given a function
    service, name = function.service, function.name
    revisions = [service.get_function_configuration(FunctionName=name)["RevisionId"]]

    # When it is updated, has settled, and is published
    updated = service.update_function_configuration(
        FunctionName=name, Description="new", RevisionId=revisions[0]
    )
    revisions.append(updated["RevisionId"])
    revisions.append(
        function.ready().service.get_function(FunctionName=name)["Configuration"]["RevisionId"]
    )
    version = service.publish_version(FunctionName=name)
    revisions.append(version["RevisionId"])
    revisions.append(service.get_function_configuration(FunctionName=name)["RevisionId"])

    # Then each is another, and publishing the same again gives the same version
    assert len(set(revisions)) == len(revisions)
    again = service.publish_version(FunctionName=name)
    assert (version["Version"], again["Version"]) == ("1", "1")
    assert status(service.delete_function(FunctionName=name, Qualifier="7")) == 204


def test_an_alias_is_updated_filtered_and_deleted(function: Prepared) -> None:
    # Given an alias on a version
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    made = service.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    service.update_function_configuration(FunctionName=name, Description="second")
    function.ready().service.publish_version(FunctionName=name)

    # When it is changed, read through, and given up
    changed = service.update_alias(
        FunctionName=name,
        Name="live",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.25}},
        RevisionId=made["RevisionId"],
    )
    behind = service.get_function(FunctionName=name, Qualifier="live")["Configuration"]
    emptied = service.update_alias(
        FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {}}
    )
    of_one = service.list_aliases(FunctionName=name, FunctionVersion="1")["Aliases"]
    of_two = service.list_aliases(FunctionName=name, FunctionVersion="2")["Aliases"]

    # Then the answers are AWS's
    assert (status(made), status(changed)) == (201, 200)
    assert made["Description"] == ""
    assert "RoutingConfig" not in made
    assert changed["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.25}}
    assert changed["RevisionId"] != made["RevisionId"]
    assert "RoutingConfig" not in emptied
    assert (behind["FunctionArn"], behind["Version"]) == (f"{function.arn}:live", "1")
    assert ([alias["Name"] for alias in of_one], of_two) == (["live"], [])
    assert refused(service.delete_function, FunctionName=name, Qualifier="1") == (
        "ResourceConflictException"
    )
    assert status(service.delete_alias(FunctionName=name, Name="live")) == 204
    assert status(service.delete_alias(FunctionName=name, Name="live")) == 204


def test_a_weighted_alias_runs_both_versions(function: Prepared) -> None:
    # Given an alias that gives half of its requests to a second version
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    service.update_function_configuration(FunctionName=name, Description="second")
    function.ready().service.publish_version(FunctionName=name)
    service.create_alias(
        FunctionName=name,
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
    )

    # When it is called many times
    ran = {
        service.invoke(FunctionName=name, Qualifier="live")["ExecutedVersion"] for _ in range(30)
    }

    # Then both have run
    assert ran == {"1", "2"}


def test_each_qualifier_has_a_policy_of_its_own(function: Prepared) -> None:
    # Given a version and an alias
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    service.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    statement = {
        "FunctionName": name,
        "StatementId": "s",
        "Action": "lambda:InvokeFunction",
        "Principal": "123456789012",
    }

    # When the same statement is added to each, and to one of them again
    added = [
        service.add_permission(**statement, **qualifier)
        for qualifier in ({}, {"Qualifier": "1"}, {"Qualifier": "live"})
    ]
    again = refused(service.add_permission, **statement)

    # Then each has it, for its own ARN, and the last is a conflict
    assert [status(answer) for answer in added] == [201] * 3
    assert [json.loads(answer["Statement"])["Resource"] for answer in added] == [
        function.arn,
        f"{function.arn}:1",
        f"{function.arn}:live",
    ]
    assert json.loads(added[0]["Statement"])["Principal"] == {
        "AWS": "arn:aws:iam::123456789012:root"
    }
    assert again == "ResourceConflictException"
    policy = service.get_policy(FunctionName=name, Qualifier="live")
    alias = service.get_alias(FunctionName=name, Name="live")
    assert policy["RevisionId"] == alias["RevisionId"]
    assert len(json.loads(policy["Policy"])["Statement"]) == 1
    removed = service.remove_permission(FunctionName=name, StatementId="s", Qualifier="1")
    assert status(removed) == 204
    assert refused(service.get_policy, FunctionName=name, Qualifier="1") == (
        "ResourceNotFoundException"
    )


def test_a_statement_has_every_condition_that_it_is_given(function: Prepared) -> None:
    # Given a function
    # When a statement is added with all conditions
    answer = function.service.add_permission(
        FunctionName=function.name,
        StatementId="s",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        PrincipalOrgID="o-1234567890",
        SourceAccount="123456789012",
        SourceArn="arn:aws:s3:::bucket",
        EventSourceToken="token",
        FunctionUrlAuthType="NONE",
    )

    # Then they are those of the policy
    statement = json.loads(answer["Statement"])
    assert statement["Principal"] == "*"
    assert statement["Condition"] == {
        "StringEquals": {
            "lambda:FunctionUrlAuthType": "NONE",
            "aws:PrincipalOrgID": "o-1234567890",
            "AWS:SourceAccount": "123456789012",
            "lambda:EventSourceToken": "token",
        },
        "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"},
    }


def test_an_event_invoke_config_is_of_one_qualifier_and_an_update_merges(
    function: Prepared,
) -> None:
    # Given a version, with a config for it and for the function
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    put = service.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=1)
    service.put_function_event_invoke_config(
        FunctionName=name, Qualifier="1", MaximumEventAgeInSeconds=60
    )

    # When one is updated
    updated = service.update_function_event_invoke_config(
        FunctionName=name, MaximumEventAgeInSeconds=120
    )

    # Then it keeps what it had, and the other is as it was
    assert put["FunctionArn"] == f"{function.arn}:$LATEST"
    assert put["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {}}
    assert "MaximumEventAgeInSeconds" not in put
    assert (updated["MaximumRetryAttempts"], updated["MaximumEventAgeInSeconds"]) == (1, 120)
    listed = service.list_function_event_invoke_configs(FunctionName=name)
    assert {config["FunctionArn"] for config in listed["FunctionEventInvokeConfigs"]} == {
        f"{function.arn}:$LATEST",
        f"{function.arn}:1",
    }
    deleted = service.delete_function_event_invoke_config(FunctionName=name, Qualifier="1")
    assert status(deleted) == 204


def test_provisioned_concurrency_becomes_ready(function: Prepared) -> None:
    # Given a version
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)

    # When concurrency is provisioned for it
    put = service.put_provisioned_concurrency_config(
        FunctionName=name, Qualifier="1", ProvisionedConcurrentExecutions=1
    )

    # Then it is in progress, and soon ready
    assert (status(put), put["Status"]) == (202, "IN_PROGRESS")
    config: dict[str, Any] = {}
    while config.get("Status") != "READY":
        config = service.get_provisioned_concurrency_config(FunctionName=name, Qualifier="1")
    assert config["AllocatedProvisionedConcurrentExecutions"] == 1
    listed = service.list_provisioned_concurrency_configs(FunctionName=name)
    assert listed["ProvisionedConcurrencyConfigs"][0]["FunctionArn"] == f"{function.arn}:1"
    deleted = service.delete_provisioned_concurrency_config(FunctionName=name, Qualifier="1")
    assert status(deleted) == 204


def test_a_function_has_at_most_fifty_tags_and_a_version_none(function: Prepared) -> None:
    # Given a function with a version
    service = function.service
    service.publish_version(FunctionName=function.name)

    # When it is tagged
    tagged = service.tag_resource(Resource=function.arn, Tags={"a": "1", "b": "2"})
    untagged = service.untag_resource(Resource=function.arn, TagKeys=["a"])
    many = {f"key{number}": "x" for number in range(50)}

    # Then that is answered as AWS does, and more is refused
    assert (status(tagged), status(untagged)) == (204, 204)
    assert service.list_tags(Resource=function.arn)["Tags"] == {"b": "2"}
    assert service.get_function(FunctionName=function.name)["Tags"] == {"b": "2"}
    invalid = "InvalidParameterValueException"
    assert refused(service.tag_resource, Resource=function.arn, Tags=many) == invalid
    version = f"{function.arn}:1"
    assert refused(service.tag_resource, Resource=version, Tags={"a": "1"}) == invalid
    assert refused(service.tag_resource, Resource=function.arn, Tags={}) == invalid


def test_a_function_url_is_of_the_function_or_an_alias(function: Prepared) -> None:
    # Given an alias
    service, name = function.service, function.name
    service.publish_version(FunctionName=name)
    service.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    # When both get a URL, one twice
    made = service.create_function_url_config(FunctionName=name, AuthType="NONE")
    service.create_function_url_config(FunctionName=name, Qualifier="live", AuthType="AWS_IAM")
    again = refused(service.create_function_url_config, FunctionName=name, AuthType="NONE")

    # Then there are two
    assert (status(made), made["InvokeMode"], again) == (
        201,
        "BUFFERED",
        "ResourceConflictException",
    )
    urls = service.list_function_url_configs(FunctionName=name)["FunctionUrlConfigs"]
    assert {url["FunctionArn"] for url in urls} == {function.arn, f"{function.arn}:live"}
    cors = {"AllowOrigins": ["*"]}
    updated = service.update_function_url_config(FunctionName=name, Cors=cors)
    assert (updated["AuthType"], updated["Cors"]) == ("NONE", cors)
    assert status(service.delete_function_url_config(FunctionName=name)) == 204


def test_a_layer_has_versions_that_functions_use(function: Prepared) -> None:
    # Given a layer with two versions
    service = function.service
    layer = f"layer-{function.name}"
    content = {"ZipFile": zipped("probe.py")}
    first = service.publish_layer_version(
        LayerName=layer, Content=content, CompatibleRuntimes=["python3.13"]
    )
    second = service.publish_layer_version(LayerName=layer, Content=content)

    # When a function uses one, then both
    updated = service.update_function_configuration(
        FunctionName=function.name, Layers=[first["LayerVersionArn"]]
    )
    both = refused(
        function.ready().service.update_function_configuration,
        FunctionName=function.name,
        Layers=[first["LayerVersionArn"], second["LayerVersionArn"]],
    )

    # Then it has the one, both are refused, and a version's number is not given twice
    assert (status(first), first["Version"], second["Version"]) == (201, 1, 2)
    assert [entry["Arn"] for entry in updated["Layers"]] == [first["LayerVersionArn"]]
    assert both == "InvalidParameterValueException"
    versions = service.list_layer_versions(LayerName=layer)["LayerVersions"]
    assert [version["Version"] for version in versions] == [2, 1]
    assert status(service.delete_layer_version(LayerName=layer, VersionNumber=2)) == 204
    assert status(service.delete_layer_version(LayerName=layer, VersionNumber=2)) == 204
    assert refused(service.get_layer_version, LayerName=layer, VersionNumber=2) == (
        "ResourceNotFoundException"
    )
    third = service.publish_layer_version(LayerName=layer, Content=content)
    assert third["Version"] == 3
    added = service.add_layer_version_permission(
        LayerName=layer,
        VersionNumber=3,
        StatementId="s",
        Action="lambda:GetLayerVersion",
        Principal="*",
    )
    assert status(added) == 201
    policy = service.get_layer_version_policy(LayerName=layer, VersionNumber=3)
    assert policy["RevisionId"] == added["RevisionId"]


def test_settings_that_a_function_does_not_share(function: Prepared) -> None:
    # Given a function
    service, name = function.service, function.name

    # When its recursion, concurrency and the account are read and set
    before = service.get_function_recursion_config(FunctionName=name)["RecursiveLoop"]
    service.put_function_recursion_config(FunctionName=name, RecursiveLoop="Allow")
    after = service.get_function_recursion_config(FunctionName=name)["RecursiveLoop"]
    service.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    limits = service.get_account_settings()["AccountLimit"]

    # Then that is as in AWS
    assert (before, after) == ("Terminate", "Allow")
    assert limits["ConcurrentExecutions"] == 1000
    assert limits["CodeSizeUnzipped"] == 262144000
    reserved = service.get_function_concurrency(FunctionName=name)
    assert reserved["ReservedConcurrentExecutions"] == 0
    assert status(service.delete_function_concurrency(FunctionName=name)) == 204
    assert "ReservedConcurrentExecutions" not in service.get_function_concurrency(FunctionName=name)


def test_an_arn_or_a_part_of_it_names_a_new_function(client: Client, function: Prepared) -> None:
    # Given a function
    service = function.service
    name = f"{function.name}-by-arn"

    # When another is made and changed by parts of its ARN
    made = service.create_function(
        FunctionName=PREFIX + name,
        Runtime="python3.13",
        Role=function.role,
        Handler="probe.handler",
        Code={"ZipFile": zipped("probe.py")},
    )
    service.get_waiter("function_active_v2").wait(FunctionName=name)
    updated = service.update_function_configuration(
        FunctionName=f"123456789012:function:{name}", Description="by a part"
    )

    # Then it has the name
    assert made["FunctionName"] == updated["FunctionName"] == name
    assert status(service.delete_function(FunctionName=PREFIX + name)) == 204


def test_environments_of_a_deleted_function_end(client: Client) -> None:
    # Given a function that is warm
    made = make(client)
    answer = made.service.invoke(FunctionName=made.name)
    pid = json.load(answer["Payload"])["pid"]
    assert pid

    # When it is deleted and made again
    unmake(client, made)

    # Then a request to it is refused
    assert refused(made.service.invoke, FunctionName=made.name) == "ResourceNotFoundException"
