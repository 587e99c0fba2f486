import { parentPort, workerData } from 'node:worker_threads'
import { ReplayLimitError, shareOfLimits } from '../replay/kept-rows.ts'
import type { Finding } from '../replay/records.ts'
import { Replay, type ReplayInput } from '../replay/replay.ts'
import type { ReadProblem } from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import { prepareReplay } from './prepare-replay.ts'
import { readRules } from './read-rules.ts'
import type { SentFinding, WorkerMessage, WorkerRequest, WorkerTask } from './replay-messages.ts'
import { diagnosticPrinter } from './reporter.ts'
import type { RuleFile } from './run-report.ts'
import { startSession } from './session.ts'
import type { Output } from './terminal.ts'

/** How often the main thread hears how far the work is. */
const INTERVAL_MS = 100

/** What there is to say of rules and data was said by the main thread. */
const SILENT: Output = {
  isTerminal: false,
  color: false,
  width: undefined,
  write: () => Promise.resolve(),
}

if (parentPort === null) throw new InternalError('a worker without a main thread')
const port = parentPort
const tell = (message: WorkerMessage) => port.postMessage(message)

const { rules, options, only, threads } = workerData as WorkerTask
const terminal = { out: SILENT, err: SILENT }
const session = startSession(
  { terminal, signal: new AbortController().signal },
  diagnosticPrinter('text', SILENT),
)
void work()

/** Reads rules and data, and replays as it is told. What fails ends the thread, which the main one hears of. */
async function work(): Promise<void> {
  const files: RuleFile[] = []
  for (const paths of rules.paths) {
    files.push(...(await readRules(paths, rules.filter, session)).files)
  }
  const loading = await prepareReplay(files, options, session)

  /** What could not be read in the runs of the rule at work. */
  let problems: ReadProblem[] = []
  const input = loading.input((problem, table) => {
    if (table === undefined) problems.push(problem)
    else tell({ kind: 'problem', table, problem })
  }, progressTeller())
  const limits = shareOfLimits(input.limits, threads)
  const replay = await withinLimits(() => Replay.load({ ...input, limits, only }))
  if (replay === undefined) return
  tell({ kind: 'loaded' })

  const run = async ({ times, start, end }: WorkerRequest): Promise<void> => {
    for await (const event of replay.events(times, start, end)) {
      if (event.kind !== 'rule') continue
      const { runs, alerts, findings, data } = event.replay
      const result = { runs, alerts, findings: findings.map(sent), data, problems }
      tell({ kind: 'rule', rule: event.rule, result })
      problems = []
    }
    tell({ kind: 'done' })
  }
  port.on('message', (request: WorkerRequest) => withinLimits(() => run(request)))
}

/** What `work` gives; undefined where it takes more than there is or may be, which is told. */
async function withinLimits<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ReplayLimitError)) throw error
    tell({ kind: 'full', ...error.fault })
    return undefined
  }
}

function sent({ source, ...finding }: Finding): SentFinding {
  if (source === undefined) return finding
  const { text, name } = source
  return { ...finding, in: { text, name } }
}

/** Adds up what was done, and tells it now and then. */
function progressTeller(): NonNullable<ReplayInput['progress']> {
  let told = performance.now()
  const counts = new Map<string, { done: number; total: number | undefined }>()
  return (what, done, total) => {
    counts.set(what, { done: (counts.get(what)?.done ?? 0) + done, total })
    if (performance.now() - told >= INTERVAL_MS) {
      told = performance.now()
      for (const [name, count] of counts) tell({ kind: 'progress', what: name, ...count })
      counts.clear()
    }
    return Promise.resolve()
  }
}
