// The script one writes without an engine: read lines, parse each, filter. It is the baseline, so
// it is as fast as plain code of its kind gets, and as exact as the rules: ticks, not milliseconds.
//
//   node naive.mjs --rule pim|tap --data <folder> --now <ISO time> [--warm]
import { endWith, hoursBefore, timespan } from './text.mjs'

// Not imported: Node would make an ES module of all that a built-in one has, which takes some milliseconds.
const { createReadStream } = process.getBuiltinModule('node:fs')
const { join } = process.getBuiltinModule('node:path')
const { createInterface } = process.getBuiltinModule('node:readline')
const { parseArgs } = process.getBuiltinModule('node:util')

const HALF_HOUR_TICKS = 30 * 60 * 10_000_000

/** The rows of a file; `for await` over readline costs nothing that shows at kilobytes a line. */
async function* fileRows(path) {
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    if (line !== '') yield JSON.parse(line)
  }
}

/** Ticks from `b` to `a`. The difference of milliseconds first: absolute ticks exceed 2^53. */
function ticksBetween(a, b) {
  const ms = Date.parse(`${a.slice(0, 23)}Z`) - Date.parse(`${b.slice(0, 23)}Z`)
  return ms * 10_000 + Number(a.slice(23, 27)) - Number(b.slice(23, 27))
}

const text = value =>
  value === null || value === undefined
    ? ''
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

/** Each rule is a filter for each table, in reading order, and the rows found in the end. */
function pim(now) {
  const since = hoursBefore(now, 2)
  const isActivation = /(?<![\p{L}\p{N}])Add member to role completed \(PIM activation\)/iu
  const activations = new Map()
  const found = []
  return {
    tables: {
      AuditLogs(row) {
        if (!(row.TimeGenerated > since)) return
        if (!isActivation.test(row.OperationName)) return
        const upn = text(row.InitiatedBy?.user?.userPrincipalName)
        if (upn === '') return
        const role = text(row.TargetResources?.[0]?.displayName)
        const activation = { time: row.TimeGenerated, role }
        const known = activations.get(upn)
        if (known) known.push(activation)
        else activations.set(upn, [activation])
      },
      AADNonInteractiveUserSignInLogs(row) {
        if (!(row.TimeGenerated > since) || row.ResultType !== '0') return
        for (const activation of activations.get(row.UserPrincipalName) ?? []) {
          if (!(row.TimeGenerated > activation.time)) continue
          const ticks = ticksBetween(row.TimeGenerated, activation.time)
          if (ticks >= HALF_HOUR_TICKS) continue
          found.push([
            row.TimeGenerated,
            activation.time,
            row.UserPrincipalName,
            activation.role,
            text(row.AppDisplayName),
            text(row.IPAddress),
            text(row.Location),
            timespan(ticks),
          ])
        }
      },
    },
    result: () => newestFirst(found),
  }
}

function tap(now) {
  const since = hoursBefore(now, 24)
  const operations = new Set([
    'admin registered security info',
    'create temporary access pass method for user',
    'update user',
  ])
  const isPass = /(?<![\p{L}\p{N}])TemporaryAccessPass(?![\p{L}\p{N}])/iu
  const found = []
  return {
    tables: {
      AuditLogs(row) {
        if (!(row.TimeGenerated >= since)) return
        if (row.Category?.toLowerCase() !== 'usermanagement') return
        if (!operations.has(row.OperationName?.toLowerCase())) return
        if (row.Result?.toLowerCase() !== 'success') return
        const target = row.TargetResources?.[0]
        const by = row.InitiatedBy
        for (const property of target?.modifiedProperties ?? []) {
          if (!isPass.test(text(property.newValue)) && !isPass.test(text(property.displayName))) {
            continue
          }
          const upn = text(target.userPrincipalName)
          const [account, suffix] = upn.includes('@') ? upn.split('@') : [upn, '']
          found.push([
            row.TimeGenerated,
            upn,
            account,
            suffix,
            text(target.id),
            text(by?.user?.userPrincipalName) || text(by?.app?.displayName),
            text(by?.user?.ipAddress) || text(by?.app?.ipAddress),
            row.OperationName,
            text(row.CorrelationId),
          ])
        }
      },
    },
    result: () => newestFirst(found),
  }
}

const newestFirst = rows => rows.sort((a, b) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : 0))

const { values } = parseArgs({
  options: {
    rule: { type: 'string' },
    data: { type: 'string' },
    now: { type: 'string' },
    warm: { type: 'boolean', default: false },
  },
})
const rule = { pim, tap }[values.rule]
if (!rule || !values.data || !values.now) {
  console.error('usage: node naive.mjs --rule pim|tap --data <folder> --now <ISO time> [--warm]')
  process.exit(2)
}
const rowsOf = table => fileRows(join(values.data, `${table}.ndjson`))

if (values.warm) {
  const { answerRuns } = await import('./protocol.mjs')
  const loaded = {}
  for (const table of Object.keys(rule(values.now).tables)) {
    loaded[table] = await Array.fromAsync(rowsOf(table))
  }
  await answerRuns(() => {
    const { tables, result } = rule(values.now)
    for (const [table, filter] of Object.entries(tables)) {
      for (const row of loaded[table]) filter(row)
    }
    return result()
  })
} else {
  const { tables, result } = rule(values.now)
  for (const [table, filter] of Object.entries(tables)) {
    for await (const row of rowsOf(table)) filter(row)
  }
  endWith(JSON.stringify(result()))
}
