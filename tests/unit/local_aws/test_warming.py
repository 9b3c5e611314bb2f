"""What a deployment asks first is ready before it asks."""

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from local_aws.warming import warm


def test_the_services_that_a_deployment_asks_first_are_made() -> None:
    # Given moto as it starts, with no service made
    moto = DomainDispatcherApplication(create_backend_app)
    assert not moto.app_instances

    # When it is warmed
    warm(moto)

    # Then STS and IAM are made
    assert set(moto.app_instances) == {"sts", "iam"}
