"""Which packages the project has: those whose zips the root module names."""

from pathlib import Path

from scripts.project.packages import package_names


def test_each_zip_that_the_root_module_names_is_a_package(tmp_path: Path) -> None:
    # Given a root module that names two zips, one of them twice
    (tmp_path / "main.tf").write_text('a = "build/function.zip"\nb = "build/function.zip"\n')
    (tmp_path / "more.tf").write_text('c = "build/third-one.zip"\nd = "elsewhere/other.zip"\n')

    # When the packages are asked for
    # Then each zip in build/ is one
    assert package_names(tmp_path) == ["function", "third-one"]


def test_the_projects_own_are_the_function_and_the_page() -> None:
    # Given the repository, when its packages are asked for, then they are its two folders
    assert package_names() == ["function", "page"]
