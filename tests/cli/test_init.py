"""``init``: what it sees in a repository, what it would write, and that it never touches what is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.repos import Repo
from tests.cli.cases import USER, Terminal
from tests.devregistry.running import running

from schemagate.config import parse_config
from schemagate.devregistry.users import User

ACTION = "acme/schemagate@" + "a" * 40
WORKFLOW = ".github/workflows/schemas.yml"


@pytest.fixture
def files(repo):
    """The files of the work tree that git does not know yet."""
    return lambda: repo.git("status", "--short", "--untracked-files=all").replace("?? ", "").split("\n")


def text(repo: Repo, path: str) -> str:
    return (repo.path / path).read_text(encoding="utf-8")


def valid(repo: Repo, path: str, schema: str, *options: str) -> None:
    tool = Path(sys.executable).with_name("check-jsonschema")
    command = [str(tool), "--builtin-schema", schema, *options, str(repo.path / path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_nothing_is_written_until_somebody_agrees(clone, repo):
    ran = clone.run("init", "--ci", "github")

    assert ran.code == 0
    assert "+++ b/schemagate.toml" in ran.lines
    assert '+paths = ["schemas"]' in ran.lines
    assert ran.lines[-1] == "nothing was written: 4 files would be new; `schemagate init --yes` writes"
    assert repo.git("status", "--short") == ""


def test_what_is_written_is_valid_works_and_is_left_alone_the_second_time(clone, repo, files):
    first = clone.run("init", "--ci", "github", "--yes")
    before = repo.git("status", "--short")
    second = clone.run("init", "--ci", "github", "--yes")

    assert first.lines[-1] == "written: 4 files; next: `schemagate check --all`, then commit"
    assert files() == [WORKFLOW, ".pre-commit-config.yaml", "schemagate.schema.json", "schemagate.toml"]
    assert parse_config(text(repo, "schemagate.toml"), "schemagate.toml", table=None).paths == ("schemas",)
    assert second.lines == [
        "kept: schemagate.toml is there",
        f"kept: {WORKFLOW} is there",
        "kept: .pre-commit-config.yaml has the hook",
        "",
        "nothing to do: every file is there already",
    ]
    assert repo.git("status", "--short") == before
    assert clone.run("check", "--all").code == 0


@pytest.mark.parametrize("action", ["", ACTION], ids=["package", "action"])
def test_the_workflow_passes_the_tools_that_know_workflows(clone, repo, action):
    with running() as registry:
        clone.run("init", "--ci", "github", "--registry", registry.url, *(["--action", action] if action else []), "-y")
    zizmor = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--persona=pedantic", WORKFLOW]

    valid(repo, WORKFLOW, "vendor.github-workflows")
    ran = subprocess.run(zizmor, cwd=repo.path, capture_output=True, text=True, check=False)
    assert (ran.returncode, "No findings to report" in ran.stdout + ran.stderr) == (0, True), ran.stdout
    assert "queue: max" in text(repo, WORKFLOW)


def test_gitlab_gets_its_own_file(clone, repo):
    with running() as registry:
        clone.run("init", "--ci", "gitlab", "--registry", registry.url, "--yes")

    valid(repo, ".gitlab-ci.yml", "vendor.gitlab-ci")
    assert "resource_group: schemagate-register" in text(repo, ".gitlab-ci.yml")


@pytest.mark.parametrize("signed", [False, True])
def test_azure_and_jenkins_get_theirs_with_the_registrys_secrets_by_name(clone, repo, monkeypatch, signed):
    names = ("SCHEMAGATE_REGISTRY_PROD_USERNAME", "SCHEMAGATE_REGISTRY_PROD_PASSWORD")
    with running(users=(User("ci", "correct-horse", writes=True),) if signed else ()) as registry:
        for name, value in zip(names, ("ci", "correct-horse"), strict=True) if signed else ():
            monkeypatch.setenv(name, value)
        for system in ("azure", "jenkins"):
            clone.run("init", "--ci", system, "--registry", registry.url, "--yes")

    valid(repo, "azure-pipelines.yml", "vendor.azure-pipelines", "--regex-variant", "nonunicode")
    azure, jenkins = text(repo, "azure-pipelines.yml"), text(repo, "Jenkinsfile")
    for name in names:
        assert (azure.count(f"{name}: $({name})"), jenkins.count(f"{name} = credentials('{name}')")) == (
            2 * signed,
        ) * 2
    assert ("schemagate register" in azure, 'schemagate" register' in jenkins) == (True, True)
    assert "correct-horse" not in azure + jenkins


@pytest.mark.parametrize("name", [".gitlab-ci.yml", "Jenkinsfile", "azure-pipelines.yml"])
def test_a_pipeline_that_has_the_gate_is_told_so(clone, repo, name):
    repo.write(name, "# schemagate check\n")

    assert f"kept: {name} has the gate" in clone.run("init").lines


@pytest.mark.parametrize(
    ("there", "remote", "seen"),
    [
        (".github/CODEOWNERS", "", WORKFLOW),
        (".gitlab-ci.yml", "", "kept: .gitlab-ci.yml lacks the gate; add"),
        ("Jenkinsfile", "", "kept: Jenkinsfile lacks the gate; add"),
        ("azure-pipelines.yml", "", "kept: azure-pipelines.yml lacks the gate; add"),
        ("x", "https://dev.azure.com/acme/shop/_git/shop", "+++ b/azure-pipelines.yml"),
        ("x", "git@github.com:acme/shop.git", WORKFLOW),
        ("x", "https://gitlab.com/acme/shop", "+++ b/.gitlab-ci.yml"),
        ("x", "", "no CI system was recognised"),
    ],
)
def test_the_ci_system_is_seen_by_its_file_or_by_the_remote(clone, repo, there, remote, seen):
    repo.write(there, "stages: []\n")
    if remote:
        repo.git("remote", "add", "origin", remote)

    assert seen in clone.run("init").out


def test_a_registry_shows_what_subjects_are_called(clone, repo):
    repo.write("schemas/order.avsc", USER.replace("User", "Order")).commit("Orders")
    with running() as registry:
        registry.register("user-value", USER)
        registry.register("other-value", USER.replace("User", "Other"))
        ran = clone.run("init", "--registry", registry.url, "--ci", "none", "--yes")

    settings = parse_config(text(repo, "schemagate.toml"), "schemagate.toml", table=None)
    assert settings.subject_names("schemas/user.avsc", "com.example.User") == ("user-value",)
    assert [one.url for one in settings.registries] == [(registry.url,)]
    assert clone.run("check", "--all", "--offline").code == 0
    assert "# 1 of the 2 subjects of the registry are called so." in text(repo, "schemagate.toml")
    assert "1 of 2 schemas have no subject called {stem}-value" in " ".join(ran.out.split())


def test_a_registry_that_knows_none_of_this_points_to_pull(clone):
    with running() as registry:
        registry.register("something-else", USER)
        ran = clone.run("init", "--registry", registry.url, "--ci", "none")

    assert "`schemagate pull` writes them as files" in " ".join(ran.out.split())


def test_paths_are_the_deepest_directories_that_hold_all_schemas(tmp_path, monkeypatch, capsys):
    repo = Repo(tmp_path / "several")
    for path in ("a/x/one.avsc", "a/x/y/two.avsc", "b/three.avsc"):
        repo.write(path, USER)
    repo.write("target/built.avsc", USER).write(".gitignore", "target\n").commit("all")

    ran = Terminal(repo.path, monkeypatch, capsys).run("init", "--ci", "none")

    assert '+paths = ["a/x", "b"]' in ran.lines


def test_an_existing_configuration_and_hook_are_kept_and_told_what_they_lack(clone, repo):
    repo.write("pyproject.toml", '[tool.schemagate]\npaths = ["schemas"]\n').write(
        ".pre-commit-config.yaml", "repos: []\n"
    )
    before = {name: text(repo, name) for name in ("pyproject.toml", ".pre-commit-config.yaml")}
    with running() as registry:
        ran = clone.run("init", "--registry", registry.url, "--ci", "none", "--yes")

    assert ran.lines[0] == "kept: pyproject.toml has no registry; add"
    assert "      [tool.schemagate.registry.prod]" in ran.lines
    assert f'      url = "{registry.url}"' in ran.lines
    assert "kept: .pre-commit-config.yaml lacks the hook; add" in ran.lines
    assert {name: text(repo, name) for name in before} == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--ci", "bamboo"], "--ci bamboo: no such choice"),
        (["--action", "acme/schemagate@v1"], "--action takes OWNER/REPO@ and a whole commit id"),
        (["--registry", "https://ci:hush@registry.example.com"], "--registry holds a user name or a password"),
        (["--registry", "prod"], "there is no such registry in the configuration"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_and_writes_nothing(clone, repo, arguments, told):
    ran = clone.run("init", "--yes", *arguments)

    assert ran.code == 2
    assert told in ran.err
    assert "hush" not in ran.out + ran.err
    assert repo.git("status", "--short") == ""


def test_a_link_that_leads_outside_is_not_followed(clone, repo, tmp_path):
    (tmp_path / "outside").mkdir()
    try:
        (repo.path / ".github").symlink_to(tmp_path / "outside", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")

    ran = clone.run("init", "--ci", "github", "--yes")

    assert ran.code == 2
    assert "leads outside the repository" in ran.err
    assert list((tmp_path / "outside").iterdir()) == []
