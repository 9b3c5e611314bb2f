"""The contracts of import-linter list every verb."""

import tomllib

from scripts.project.paths import ROOT


def test_each_verb_is_in_the_contracts_that_keep_verbs_apart() -> None:
    # Given the verbs, and the contracts that list them
    verbs = {f"scripts.{path.stem}" for path in (ROOT / "scripts").glob("[!_]*.py")}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {one["name"]: one for one in settings["tool"]["importlinter"]["contracts"]}

    # When their lists are read
    apart = contracts["Verbs never import each other"]["modules"]
    unimported = contracts["Only tests and benchmarks import verbs"]["forbidden_modules"]

    # Then both are complete
    assert set(apart) == set(unimported) == verbs
