/** The folder of the example, and the names of all files that `kqlab init` writes. */
export const INIT_FILES = {
  config: 'kqlab.yaml',
  rule: 'rules/many-failed-sign-ins.yaml',
  tests: 'rules/many-failed-sign-ins.tests.yaml',
  workflow: '.github/workflows/rules.yml',
} as const

/** The configuration: all of it is comments, as nothing is needed to begin with. */
export const CONFIG = `# yaml-language-server: $schema=./node_modules/kqlab/schemas/kqlab.schema.json
#
# What kqlab finds here, for all commands. Paths are relative to this file.

# Exported logs, for kqlab run, replay and diff.
# data: logs

# Saved functions and watchlists that rules name.
# functions: functions
# watchlists:
#   trusted: { path: watchlists/trusted.csv, searchKey: Address }

# Columns of tables that are not built in.
# schemas:
#   Offices_CL: { TimeGenerated: datetime, Address: string }
`

/** A rule to begin with. */
export function exampleRule(id: string): string {
  return `id: ${id}
name: Many failed sign-ins from an address
description: Finds addresses from which three or more sign-ins failed within an hour.
kind: Scheduled
severity: Medium
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - CredentialAccess
relevantTechniques:
  - T1110
query: |
  SigninLogs
  | where ResultType != "0"
  | summarize Count = count(), TimeGenerated = max(TimeGenerated) by IPAddress
  | where Count >= 3
entityMappings:
  - entityType: IP
    fieldMappings:
      - identifier: Address
        columnName: IPAddress
version: 1.0.0
`
}

/** The tests of the example. */
export const EXAMPLE_TESTS = `# yaml-language-server: $schema=../node_modules/kqlab/schemas/kqlab.tests.schema.json
fixtures:
  three:
    SigninLogs:
      first: { TimeGenerated: -50m, ResultType: "50126", IPAddress: 192.0.2.1 }
      second: { TimeGenerated: -20m, ResultType: "50126", IPAddress: 192.0.2.1 }
      third: { TimeGenerated: -10m, ResultType: "50053", IPAddress: 192.0.2.1 }

tests:
  - name: three failed sign-ins
    base: three
    expect:
      rows:
        - { IPAddress: 192.0.2.1, Count: 3, TimeGenerated: -10m }
      alerts:
        - entities: [{ IP: { Address: 192.0.2.1 } }]

  - name: one of them succeeds
    base: three
    given:
      SigninLogs:
        third: { ResultType: "0" }
    expect: none

  - name: one of them comes from elsewhere
    base: three
    given:
      SigninLogs:
        third: { IPAddress: 192.0.2.2 }
    expect: none

  - name: the first is older than an hour
    base: three
    given:
      SigninLogs:
        first: { TimeGenerated: -61m }
    expect: none
`

/** A workflow of GitHub Actions, with the version of kqlab that it runs. */
export function workflow(version: string): string {
  return `name: Rules

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

env:
  KQLAB: kqlab@${version}

jobs:
  rules:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v5
        with:
          # Changes are compared with what they start from.
          fetch-depth: 0
          persist-credentials: false

      - uses: actions/setup-node@v5
        with:
          node-version: 24

      - name: Test the rules
        run: >-
          npx --yes "$KQLAB" test --format github
          --report junit=rules.junit.xml
          --report sarif=rules.sarif
          --report markdown=rules.md

      - name: Look for faults
        if: \${{ !cancelled() }}
        run: npx --yes "$KQLAB" check . --format sarif > check.sarif

      # Of logs in the folder logs: what a change does to the alerts.
      - name: Compare the alerts
        if: \${{ !cancelled() && github.event_name == 'pull_request' && hashFiles('logs/**') != '' }}
        env:
          BASE: \${{ github.base_ref }}
        run: npx --yes "$KQLAB" diff "origin/$BASE...HEAD" . --data logs --format markdown > diff.md

      - name: Show the results
        if: \${{ !cancelled() }}
        run: |
          for file in rules.md diff.md; do
            if [ -f "$file" ]; then cat "$file" >> "$GITHUB_STEP_SUMMARY"; fi
          done

      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: rules
          path: |
            rules.junit.xml
            rules.sarif
            check.sarif

      # Code scanning is not there for all repositories, nor for pull requests of forks.
      - uses: github/codeql-action/upload-sarif@v4
        if: \${{ !cancelled() && hashFiles('rules.sarif') != '' }}
        continue-on-error: true
        with:
          sarif_file: rules.sarif
          category: kqlab-test

      - uses: github/codeql-action/upload-sarif@v4
        if: \${{ !cancelled() && hashFiles('check.sarif') != '' }}
        continue-on-error: true
        with:
          sarif_file: check.sarif
          category: kqlab-check
`
}
