"""The pipelines of GitLab, Jenkins and Azure that ``init`` writes: whole, or what an existing one lacks."""

from __future__ import annotations

import textwrap

from schemagate.app.starters import PYTHON, TOOL, Facts


def gitlab(facts: Facts) -> str:
    """``.gitlab-ci.yml``. The variables of the registry are the project's, protected and masked."""
    check = f"""\
schemas-check:
  image: python:{PYTHON}
  timeout: 15 minutes
  variables:
    GIT_DEPTH: "0" # every published version is judged
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - pip install --quiet "{TOOL}"
{_rows(4, _gitlab_script(facts))}  artifacts:
    when: always
    reports:
      codequality: schemagate.codequality.json
      junit: schemagate.junit.xml
"""
    return f"{check}\n{_gitlab_register()}" if facts.registry else check


def _gitlab_script(facts: Facts) -> list[str]:
    run = "schemagate check --output gitlab=schemagate.codequality.json --output junit=schemagate.junit.xml"
    if not facts.registry:
        return [f"- {run}"]
    return [
        "- |",
        "  # A fork's merge request has none of the variables; a merge train always asks the registry.",
        '  if [ "$CI_MERGE_REQUEST_EVENT_TYPE" != merge_train ] &&',
        '      [ "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID" != "$CI_MERGE_REQUEST_PROJECT_ID" ]; then',
        "    set -- --offline",
        "  fi",
        f'  {run} "$@"',
    ]


def _gitlab_register() -> str:
    return f"""\
schemas-register:
  image: python:{PYTHON}
  timeout: 30 minutes
  variables:
    GIT_DEPTH: "0"
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  resource_group: schemagate-register
  interruptible: false
  script:
    - pip install --quiet "{TOOL}"
    - schemagate register --receipt receipt.json
  artifacts:
    when: always
    paths: [receipt.json]
"""


def jenkins(facts: Facts) -> str:
    """``Jenkinsfile``, of a multibranch pipeline. Needs the plugins Docker Pipeline, Credentials Binding and JUnit."""
    return f"""\
// Every published version is judged: the clone must be neither shallow nor narrow (no "Honor refspec on initial clone")
pipeline {{
    agent {{ docker {{ image 'python:{PYTHON}' }} }}
    options {{
        timeout(time: 30, unit: 'MINUTES')
        disableConcurrentBuilds(abortPrevious: false)
    }}
    environment {{
        HOME = "${{env.WORKSPACE_TMP}}"
    }}
    stages {{
{textwrap.indent(jenkins_stages(facts), "        ")}    }}
}}
"""


def jenkins_stages(facts: Facts) -> str:
    """The stages alone. Each variable of the registry is a credential of the kind "Secret text", called as it is."""
    stages = f"""\
stage('schemas') {{
    when {{ changeRequest() }}
{_jenkins_credentials(facts)}    steps {{
        sh \'\'\'
            python -m venv "$WORKSPACE_TMP/schemagate"
            "$WORKSPACE_TMP/schemagate/bin/pip" install --quiet "{TOOL}"
            git fetch --no-tags origin "+refs/heads/$CHANGE_TARGET:refs/remotes/origin/$CHANGE_TARGET"
            "$WORKSPACE_TMP/schemagate/bin/schemagate" check --output junit=schemagate.junit.xml
        \'\'\'
    }}
    post {{
        always {{
            junit(testResults: 'schemagate.junit.xml', allowEmptyResults: true)
        }}
    }}
}}
"""
    if not facts.registry:
        return stages
    return f"""\
{stages}stage('register schemas') {{
    when {{ branch '{facts.branch}' }}
{_jenkins_credentials(facts)}    steps {{
        sh \'\'\'
            python -m venv "$WORKSPACE_TMP/schemagate"
            "$WORKSPACE_TMP/schemagate/bin/pip" install --quiet "{TOOL}"
            "$WORKSPACE_TMP/schemagate/bin/schemagate" register --receipt receipt.json
        \'\'\'
    }}
    post {{
        always {{
            archiveArtifacts(artifacts: 'receipt.json', allowEmptyArchive: true)
        }}
    }}
}}
"""


def _jenkins_credentials(facts: Facts) -> str:
    rows = [f"        {name} = credentials('{name}')\n" for name in facts.variables]
    return f"    environment {{\n{''.join(rows)}    }}\n" if rows else ""


def azure(facts: Facts) -> str:
    """``azure-pipelines.yml``. For Azure Repos a build validation policy starts the check; ``pr`` is for GitHub."""
    trigger = f"\n  branches:\n    include: [{facts.branch}]" if facts.registry else " none"
    return f"""\
trigger:{trigger}

pr:
  branches:
    include: [{facts.branch}]

pool:
  vmImage: ubuntu-24.04

stages:
{textwrap.indent(azure_stages(facts), "  ")}"""


def azure_stages(facts: Facts) -> str:
    """The stages alone. The variables of the registry are the pipeline's secret ones, called as they are."""
    script = ["schemagate check --output junit=schemagate.junit.xml"]
    fork = []
    if facts.registry:
        fork = ["SCHEMAGATE_FORK: $(System.PullRequest.IsFork)"]
        script = [
            "# A fork's pull request has no secrets.",
            'if [ "$SCHEMAGATE_FORK" = True ]; then set -- --offline; fi',
            f'{script[0]} "$@"',
        ]
    check = f"""\
- stage: schemas
  condition: eq(variables['Build.Reason'], 'PullRequest')
  jobs:
    - job: check
      timeoutInMinutes: "15"
      steps:
{_azure_setup()}        - bash: |
            set -e
            python -m pip install --quiet "{TOOL}"
{_rows(12, script)}          displayName: check
{_azure_env(facts, fork)}        - task: PublishTestResults@2
          condition: succeededOrFailed()
          inputs:
            testResultsFormat: JUnit
            testResultsFiles: schemagate.junit.xml
"""
    return check + _azure_register(facts, f"refs/heads/{facts.branch}") if facts.registry else check


def _azure_register(facts: Facts, branch: str) -> str:
    return f"""\
- stage: register
  condition: and(ne(variables['Build.Reason'], 'PullRequest'), eq(variables['Build.SourceBranch'], '{branch}'))
  dependsOn: []
  lockBehavior: sequential
  jobs:
    - deployment: register
      timeoutInMinutes: "30"
      environment: schema-registry # with the check "Exclusive lock"
      strategy:
        runOnce:
          deploy:
            steps:
{textwrap.indent(_azure_setup(push=True), "      ")}              - bash: |
                  set -e
                  python -m pip install --quiet "{TOOL}"
                  schemagate register --receipt receipt.json
                displayName: register
{textwrap.indent(_azure_env(facts, []), "      ")}              - publish: receipt.json
                artifact: receipt
                condition: succeededOrFailed()
"""


def _azure_setup(*, push: bool = False) -> str:
    asks = '          persistCredentials: "true" # `register` asks where the branch is now\n' if push else ""
    return f"""\
        - checkout: self
          fetchDepth: "0" # every published version is judged
{asks}        - task: UsePythonVersion@0
          inputs:
            versionSpec: "{PYTHON}"
"""


def _azure_env(facts: Facts, more: list[str]) -> str:
    rows = [*more, *(f"{name}: $({name})" for name in facts.variables)]
    return _rows(10, ["env:", *(f"  {row}" for row in rows)]) if rows else ""


def _rows(indent: int, lines: list[str]) -> str:
    return "".join(f"{' ' * indent}{line}\n" for line in lines)
