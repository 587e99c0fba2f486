// What the command and its commands print behind their options.

export const HELP = `
Examples:
  Run the rules of a folder over exported logs:
    $ kqlab run rules --data logs

  Ask something of the logs:
    $ kqlab query 'SigninLogs | where ResultType != "0" | summarize count() by UserPrincipalName' \\
        --data SigninLogs.json

  Run the tests of rules:
    $ kqlab test rules

  Look whether rules are sound, without any logs:
    $ kqlab check rules

Exit codes: 0 it ran, with or without rows; 1 a query or a file has an error, or what --fail-on
names; 2 the command line cannot be understood; 130 interrupted (143 by SIGTERM, 129 by SIGHUP).

kqlab COMMAND --help tells the options of a command.`

export const QUERY_HELP = `
QUERY is KQL, the path of a .kql file or of a rule, or - for standard input. Put it before --data,
which takes all paths that follow it.

Logs are JSON (lines, arrays, API responses), CSV or Parquet, also compressed with gzip or zstd, or in
a ZIP archive; - is standard input. The table of a file is told from its records or its name; --table
says it where that is not enough.

now() is the time of this machine: give --now for logs that are older.

Formats:
  table   aligned columns; on a terminal wide ones are cut
  json    {"columns":[{"name","type"}],"rows":[[…]]}
  ndjson  a JSON object a line
  csv     with a header; text that a spreadsheet would run as a formula gets a ' in front

Examples:
  $ kqlab query 'print 1 + 1'
  $ kqlab query 'AuditLogs | where TimeGenerated > ago(1d) | take 5' --data logs --now 2026-03-17
  $ kqlab query hunting.kql --data 'logs/**/*.json.gz' --format csv > result.csv
  $ kqlab query 'Events | count' --table Events=export.json
  $ cat hunting.kql | kqlab query - --data logs`

export const RUN_HELP = `
RULE is a .yaml file of Microsoft Sentinel (scheduled, near real time or hunting) or a folder of them.
Each query runs once. Without --now, now() is the newest TimeGenerated in the data: exported logs are
old, and ago(2h) of today would find nothing in them.

A rule that fails is reported with its place in the file, the others run, and the exit code is 1.

Examples:
  $ kqlab run rules --data logs
  $ kqlab run rule.yaml --data AuditLogs.json --format json
  $ kqlab run rules --data logs --fail-on rows`

export const REPLAY_HELP = `
RULE is a .yaml file of Microsoft Sentinel (scheduled, near real time or hunting) or a folder of them.
A scheduled rule runs at each multiple of its queryFrequency from the first row on; --anchor names
another time at which it runs. Each run sees the rows of its queryPeriod that had arrived, and now() is
the time of the run. A row arrived at its _TimeReceived, else --delay after its TimeGenerated. A hunting
rule runs once, at the end of the data, or as --freq and --period say.

Formats:
  text    for people: runs, alerts, incidents and findings of each rule
  json    {"runs":[…],"alerts":[…],"incidents":[…],"findings":[…],"rules":[…]}; alerts and
          incidents have the columns of the tables SecurityAlert and SecurityIncident
  ndjson  alerts, then incidents, a JSON object a line: logs for the next query
  csv     alerts, with the columns of SecurityAlert; text that a spreadsheet would run as a formula
          gets a ' in front
  sarif   what is wrong with the rules and their findings, for code scanning
  markdown  figures, findings and the first alerts, for a comment on a change

Examples:
  $ kqlab replay rules --data logs
  $ kqlab replay rules --changed main --data logs --format markdown
  $ kqlab replay rule.yaml --data logs --phase-sweep 12
  $ kqlab replay hunting.yaml --data logs --freq 1d --period 1d --format ndjson`

export const DIFF_HELP = `
What is compared:
  OLD NEW        a rule file or a folder of them, before and after the change
  A..B PATH…     the rules at the paths in two revisions of git, such as main..HEAD
  A.. PATH…      in a revision and in the working tree, what is not committed included
  A...B PATH…    in the newest commit that both go back to, and in B (A... for the working tree)
  RULE… --against FILE…
                 the alerts that Sentinel raised, and those of a replay

A rule is the same one where its id is, whatever its file is called. Of revisions only rules that differ
are replayed; saved functions, watchlists and the configuration are those of the working tree. An alert
is the same one where its rule and run are, and of a rule that raises an alert a row, the row. With
--fail-on rows the exit code is 1 where anything differs.

--against takes an export of the table SecurityAlert, with all columns: JSON, CSV or Parquet; or the
JSON, NDJSON or CSV of a replay. Alerts belong to the rule whose id they have, else to the one whose
name they have. The rules run at the times that the alerts tell, unless --anchor names one; runs at most
--tolerance apart are the same one. Alerts that the data do not reach are told as not compared.

Formats: text; json; markdown, for a comment on a change.

Examples:
  $ kqlab diff old-rules rules --data logs
  $ kqlab diff main.. rules --data logs
  $ kqlab diff main...HEAD rules --data logs --format markdown > comment.md
  $ kqlab diff rules --against SecurityAlert.json --data logs`

export const WHY_HELP = `
RULE is the file of a rule, a .kql file, or KQL. Each row that is chosen is followed through the query:
to the operator and the part of its condition that leaves it out, with the values on both sides, or to
the rows of the result that it is in. --table NAME says of which table; it may be left out where the
query reads one. Rows are chosen by a condition in KQL, or by their numbers in the table, from 1.

Without --now, now() is the newest TimeGenerated in the data. --at runs a scheduled rule as Sentinel does
at that time: only the rows of its queryPeriod are there. What every operator gives is kept in memory.

Examples:
  $ kqlab why rule.yaml --data logs --table SigninLogs --where 'UserPrincipalName == "ada@example.com"'
  $ kqlab why rule.yaml --data logs --table SigninLogs --rows 3,7 --format json
  $ kqlab why rule.yaml --data logs --table AuditLogs --rows 12 --at 2026-03-17T15:00:00Z`

export const EXPLAIN_HELP = `
Examples:
  $ kqlab explain 'AuditLogs | where TimeGenerated > ago(1h) | project OperationName'
  $ kqlab explain rule.yaml`

export const SYNTH_HELP = `
The rows are made from the query alone: what its predicates ask for, and nothing else. They are checked
by running it. Of a rule, as many rows result as raise an alert, and all are within its queryPeriod.

Parts of a query that are not traced back, such as series or plugins, are told with their places. Without
--geoip, geo_info_from_ip_address gives null. The exit code is 1 where the rows do not make the query
give a result.

Examples:
  $ kqlab synth rule.yaml --now 2026-03-17T12:00:00Z
  $ kqlab synth rule.yaml -o logs && kqlab run rule.yaml --data logs
  $ kqlab synth 'SigninLogs | where IPAddress == "192.0.2.1" | where ResultType != 0' --format yaml`

export const CHECK_HELP = `
PATH is a .kql file, a rule's .yaml file, or a folder with either. Nothing is run, and no logs are
needed; give --data where queries use tables or columns of your own.

Examples:
  $ kqlab check rules
  $ kqlab check rules --changed main
  $ kqlab check rules --format sarif > kqlab.sarif`

export const INGEST_HELP = `
Writes the logs as Parquet files named by table, typed, sorted by time, with what queries need to pass
over the rest. Give the folder to --data in place of the logs: queries, rules and replays give the same
rows, many times faster.

Rows are held to be sorted as far as memory allows; of logs that are far out of order a table becomes
several files. Nothing is left where the command is interrupted, or the disk is full. A value that does
not fit its column is null in the files, and is reported.

Examples:
  $ kqlab ingest logs -o ingested
  $ kqlab query 'SigninLogs | count' --data ingested
  $ kqlab ingest logs -o ingested --force
  $ kqlab ingest --table Events=export.json --schema Events=Time:datetime,Name:string -o ingested`

export const INIT_HELP = `
It writes kqlab.yaml, a rule with its tests where there are no rules, and a workflow of GitHub Actions
that runs the tests. A file that is there is kept as it is.

Examples:
  $ kqlab init
  $ kqlab init detections --dry-run`

export const TEST_HELP = `
Tests of a rule are in NAME.tests.yaml beside NAME.yaml, or in the rule's field tests: each gives rows to
tables and says what the rule has to make of them. docs/testing.md has all of it. PATH is a rule, a file
of tests, or a folder of them; without one, the folder at hand.

Formats: pretty is for people; json, junit (JUnit XML), tap (version 14), sarif (2.1.0), github
(annotations of GitHub Actions) and markdown are for others.

Exit codes: 0 all passed; 1 a test failed, or a rule has too few; 2 a file or the command line cannot
be used, or --filter matches no test.

Examples:
  $ kqlab test rules
  $ kqlab test rules --watch
  $ kqlab test rules --changed main
  $ kqlab test rules --filter 'token use' --bail
  $ kqlab test rules --format github --report junit=out.xml --minimum-tests 2`

export const CAPTURE_HELP = `
The rule has to fire on the logs at --now (default: the newest time in them). What is left of them is the
fewest rows, and of these the fewest fields, with which it still does, and for each part of a filter a
change with which that part alone keeps it from firing. They become NAME.tests.yaml, ready for kqlab test.

Addresses, names, identifiers, IP addresses, hosts and domains are replaced, the same ones by the same;
IP addresses stay inside of their /16. What the query itself names stays.

Examples:
  $ kqlab capture rules/rule.yaml --data logs
  $ kqlab capture rules --data logs --now 2026-03-17T15:42:00Z -o tests`

export const MUTATE_HELP = `
A mutant is the rule with one small change: a part of a filter left out or turned round, an operator
swapped for a close one, a member of a list left out, a threshold or a window moved by a step, a join of
another kind or with a key less, an order turned round, a stage left out. The tests of the rule have to
pass; a mutant with which one of them fails is killed. What survives is what the tests do not check.
Mutants that are proved to give the same rows are left out of the score. A file of tests may accept
others, with a reason (docs/testing.md); these count as survivors.

Exit codes: 0 the score is high enough; 1 it is below --minimum-score; 2 a file cannot be used, or a rule
does not pass its own tests.

Examples:
  $ kqlab mutate rules
  $ kqlab mutate rules --changed main
  $ kqlab mutate rules/rule.yaml --minimum-score 95
  $ kqlab mutate rules --format json`
