import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { tablesOf } from '../api/prepare.ts'
import { ReplayLimitError, shareOfLimits } from '../replay/kept-rows.ts'
import { RAISED_TABLES } from '../replay/raised-tables.ts'
import {
  Replay,
  type Replayer,
  type ReplayInput,
  type ReplayOutcome,
  type ReplayTimes,
  type RuleReplay,
} from '../replay/replay.ts'
import type { ReadProblem } from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import { SourceText } from '../text/source-text.ts'
import type { Data } from './data.ts'
import type {
  RuleResult,
  SentFinding,
  WorkerMessage,
  WorkerRequest,
  WorkerTask,
} from './replay-messages.ts'
import { shareRules } from './share-rules.ts'

/** Fewer rules, or fewer bytes of data, are done before other threads would have started. */
const FEWEST_RULES = 4
const FEWEST_BYTES = 128_000_000

/**
 * The positions of rules that each of so many workers runs: by default as many workers as there are
 * processors, where it is worth it. None where all rules are to run in this thread. Rules over what rules
 * raise are in no share.
 */
export function sharesOf(
  { rules }: ReplayInput,
  { bytes = new Map() }: Data,
  workers: number | undefined,
): readonly (readonly number[])[] {
  const tables = rules.map(({ plan, late }) => [...(late?.tables ?? tablesOf(plan)).keys()])
  const own = [...tables.keys()].filter(
    rule => tables[rule]?.some(table => RAISED_TABLES.includes(table)) === false,
  )
  const size = [...new Set(own.flatMap(rule => tables[rule] ?? []))].reduce(
    (sum, table) => sum + (bytes.get(table) ?? 0),
    0,
  )
  const isWorth = own.length >= FEWEST_RULES && size >= FEWEST_BYTES
  const most = workers ?? (isWorth ? availableParallelism() : 0)
  if (most < 2) return []
  const shares = shareRules(
    own.map(rule => ({ tables: tables[rule] ?? [] })),
    bytes,
    most,
  )
  return shares.map(share => share.map(position => own[position] as number))
}

/** Rules that are run by other threads, each of which reads the data of its rules. */
export class ParallelReplay implements Replayer {
  readonly #input: ReplayInput
  readonly #workers: readonly ReplayWorker[]
  /** The rules over what rules raise: they run in this thread, after the others. */
  readonly #own: Replay

  private constructor(input: ReplayInput, workers: readonly ReplayWorker[], own: Replay) {
    this.#input = input
    this.#workers = workers
    this.#own = own
  }

  /** Starts the threads and waits until all have read their data. */
  static async load(
    input: ReplayInput,
    task: Omit<WorkerTask, 'only' | 'threads'>,
    shares: readonly (readonly number[])[],
  ): Promise<ParallelReplay> {
    const { rules, signal, onProblem } = input
    const threads = shares.length + 1
    const workers = shares.map(only => new ReplayWorker({ ...task, only, threads }, input))
    const shared = new Set(shares.flat())
    const only = [...rules.keys()].filter(rule => !shared.has(rule))
    const problems = new Map<string, ReadProblem[]>()
    const collect = (problem: ReadProblem, table = '') => {
      problems.set(table, [...(problems.get(table) ?? []), problem])
    }
    try {
      const limits = shareOfLimits(input.limits, threads)
      const loading = Replay.load({ ...input, limits, only, onProblem: collect })
      const [own] = await Promise.all([loading, ...workers.map(worker => worker.loaded)])
      signal?.throwIfAborted()
      // In the order in which one thread meets them. Each that reads a table meets the same.
      for (const table of own.tables) {
        const each = [problems, ...workers.map(worker => worker.problems)]
        const [found = []] = each.flatMap(map =>
          [map.get(table) ?? []].filter(list => list.length > 0),
        )
        for (const problem of found) onProblem(problem, table)
      }
      return new ParallelReplay(input, workers, own)
    } catch (error) {
      await Promise.all(workers.map(worker => worker.end()))
      throw error
    }
  }

  /**
   * Runs the rules, as {@link Replay.run} does.
   * @throws the reason of the signal where it is aborted, unless the replay may end early.
   */
  async run(
    times: ReplayTimes = {},
    start = 0,
    end = this.#input.rules.length,
  ): Promise<ReplayOutcome> {
    const { rules, signal, endsEarly, onProblem } = this.#input
    const results = await Promise.all(
      this.#workers.map(worker => worker.run({ times, start, end })),
    )
    const found = new Map(results.flatMap(own => [...own]))
    const done = new Map<number, RuleReplay>()
    const wanted = [...rules.keys()].slice(start, end)
    for (const rule of wanted) {
      const given = rules[rule]?.rule
      const result = found.get(rule)
      if (given === undefined || this.#own.readsRaised(rule)) continue
      for (const problem of result?.problems ?? []) onProblem(problem)
      done.set(rule, {
        rule: given,
        runs: result?.runs ?? [],
        alerts: result?.alerts ?? [],
        findings: (result?.findings ?? []).map(received),
        data: result?.data,
      })
    }
    const later = wanted.filter(rule => this.#own.readsRaised(rule))
    if (later.length > 0) {
      for await (const event of this.#own.over(done, later, times)) {
        if (event.kind === 'rule') done.set(event.rule, event.replay)
      }
    }
    if (endsEarly !== true) signal?.throwIfAborted()
    return this.#own.outcomeOf(wanted.flatMap(rule => done.get(rule) ?? []))
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.end()))
  }
}

function received({ in: text, ...finding }: SentFinding): RuleReplay['findings'][number] {
  return text === undefined ? finding : { ...finding, source: new SourceText(text.text, text.name) }
}

/** What a thread starts with: the built file, or the source where this is one. */
const START = `./replay-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'cjs'}`

/** A thread that replays some rules. */
class ReplayWorker {
  /** Ends when the data are read, or the signal is aborted. */
  readonly loaded: Promise<void>
  /** What could not be read, by table. */
  readonly problems = new Map<string, ReadProblem[]>()
  readonly #worker: Worker
  readonly #input: ReplayInput
  #results = new Map<number, RuleResult>()
  #settle: { done(): void; fail(error: unknown): void } | undefined
  /** Why the thread is no more. */
  #fault: unknown

  constructor(task: WorkerTask, input: ReplayInput) {
    this.#input = input
    this.#worker = new Worker(new URL(START, import.meta.url), { workerData: task })
    this.loaded = this.#until()
    this.#worker.on('message', (message: WorkerMessage) => this.#take(message))
    this.#worker.on('error', error => this.#die(error))
    this.#worker.on('exit', code => this.#die(new InternalError(`a worker ended with ${code}`)))
  }

  /** What each of its rules did; where the signal is aborted, those that are done. */
  async run(request: WorkerRequest): Promise<ReadonlyMap<number, RuleResult>> {
    if (this.#input.signal?.aborted === true) return new Map()
    this.#results = new Map()
    const done = this.#until()
    this.#worker.postMessage(request)
    await done
    return this.#results
  }

  /** Nothing waits for a thread that has nothing to do: the next to want something of it hears of it. */
  #die(error: unknown): void {
    this.#fault ??= error
    this.#settle?.fail(error)
  }

  async end(): Promise<void> {
    this.#settle = undefined
    await this.#worker.terminate()
  }

  /** Waits for the thread to say that it is done with what it is at. */
  #until(): Promise<void> {
    const { signal } = this.#input
    if (this.#fault !== undefined) return Promise.reject(this.#fault)
    return new Promise<void>((resolve, reject) => {
      const settled = (then: () => void) => {
        signal?.removeEventListener('abort', stop)
        this.#settle = undefined
        then()
      }
      const stop = () => settled(resolve)
      signal?.addEventListener('abort', stop)
      this.#settle = { done: stop, fail: error => settled(() => reject(error)) }
    })
  }

  /** Rows are told as many as there are, runs one by one. */
  #tellProgress(what: string, done: number, total: number | undefined): void {
    const { progress } = this.#input
    if (total === undefined) void progress?.(what, done)
    else for (let run = 0; run < done; run++) void progress?.(what, 1, total)
  }

  #take(message: WorkerMessage): void {
    switch (message.kind) {
      case 'progress':
        this.#tellProgress(message.what, message.done, message.total)
        return
      case 'problem': {
        const { table, problem } = message
        this.problems.set(table, [...(this.problems.get(table) ?? []), problem])
        return
      }
      case 'rule':
        this.#results.set(message.rule, message.result)
        return
      case 'full':
        this.#settle?.fail(new ReplayLimitError(message.message, message.hint))
        return
      case 'loaded':
      case 'done':
        this.#settle?.done()
    }
  }
}
