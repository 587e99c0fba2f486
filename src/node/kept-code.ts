import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import * as modules from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, Script } from 'node:vm'
import * as threads from 'node:worker_threads'
import { BUILD } from './build.ts'

// Node's compile cache has of a file what is compiled when it is loaded. Functions are compiled when they
// are first called: a thousand of them in every run. Here is kept what was compiled by the end of a run.

// Loaded at the end, where it is needed.
const loadThreads = () => threads

/** Before the data: the build, when the source was written, a check sum. */
const TIME_AT = 16
const SUM_AT = 24
const DATA_AT = 32
/** A word of so many bytes is in the check sum, so that no page may be missing. */
const SUM_STEP = 512
/** Runs of more seconds keep nothing: V8 throws away what was not called for some collections of garbage. */
const MOST_SECONDS = 2

interface Loaded {
  exports: unknown
}

/** A file that was compiled here, with what was kept of it. */
interface Compiled {
  readonly path: string
  readonly script: Script
  /** When the source was written. */
  readonly time: number
  /** How many bytes were kept of it. */
  readonly size: number
}

const here = fileURLToPath(new URL('.', import.meta.url))
const requireHere = modules.createRequire(import.meta.url)
const loaded = new Map<string, Loaded>()
const compiled: Compiled[] = []
/** Where compiled code is kept; undefined where Node keeps none. */
const folder = keptFolder()

/**
 * Loads a file of this folder, as `require` does: where Node keeps compiled code, with what was compiled
 * of it in earlier runs. What is kept of another text, or is damaged, counts as missing.
 */
export function load(path: string): unknown {
  if (folder === undefined) return requireHere(path)
  const known = loaded.get(path)
  if (known !== undefined) return known.exports
  const module: Loaded = { exports: {} }
  loaded.set(path, module)
  try {
    const file = join(here, path)
    const run = compile(file, folder).runInThisContext()
    run.call(module.exports, module.exports, requireHere, module, file, here)
  } catch (error) {
    loaded.delete(path)
    throw error
  }
  return module.exports
}

function keptFolder(): string | undefined {
  const cache = modules.getCompileCacheDir?.()
  // Test runners give modules a world of their own, in which a script does not run.
  const isOwnWorld = new Script('Array').runInThisContext() === Array
  return cache === undefined || !isOwnWorld ? undefined : join(cache, 'kqlab')
}

function compile(file: string, folder: string): Script {
  const source = readFileSync(file, 'latin1')
  const time = statSync(file).mtimeMs
  const path = join(folder, nameOf(file))
  const kept = keptIn(path, time)
  const head = '(function (exports, require, module, __filename, __dirname) { '
  const script = new Script(`${head}${source}\n})`, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(kept === undefined ? {} : { cachedData: kept.subarray(DATA_AT) }),
  })
  // V8 looks at what version and flags made the data, and at the length of the source.
  const isUsed = kept !== undefined && script.cachedDataRejected === false
  if (compiled.length === 0) process.on('exit', keep)
  compiled.push({ path, script, time, size: isUsed ? kept.length : 0 })
  return script
}

/** What is kept for a source that was written then. */
function keptIn(path: string, time: number): Buffer | undefined {
  let file: Buffer
  try {
    file = readFileSync(path)
  } catch {
    // It was never written, or is not to be read: the same as a first run.
    return undefined
  }
  const isWhole =
    file.length > DATA_AT &&
    file.toString('latin1', 0, TIME_AT) === BUILD &&
    file.readDoubleLE(TIME_AT) === time &&
    file.readUInt32LE(SUM_AT) === checkSum(file)
  return isWhole ? file : undefined
}

/** Keeps what was compiled, of all files, where one is new. */
function keep(): void {
  if (!compiled.some(({ size }) => size === 0) || process.uptime() > MOST_SECONDS) return
  if (!loadThreads().isMainThread) return
  for (const { path, script, time, size } of compiled) {
    const data = script.createCachedData()
    const file = Buffer.alloc(DATA_AT + data.length)
    if (file.length <= size) continue
    file.write(BUILD, 'latin1')
    file.writeDoubleLE(time, TIME_AT)
    data.copy(file, DATA_AT)
    file.writeUInt32LE(checkSum(file), SUM_AT)
    try {
      mkdirSync(join(path, '..'), { recursive: true })
      // Whole or not at all, whoever else writes it.
      const own = `${path}.${process.pid}`
      writeFileSync(own, file)
      renameSync(own, path)
    } catch {
      // A place that is full or not to be written to: the next run starts as this one did.
      return
    }
  }
}

function checkSum(file: Buffer): number {
  let sum = file.length
  for (let at = DATA_AT; at + 4 <= file.length; at += SUM_STEP) {
    sum = Math.imul(sum, 31) + file.readUInt32LE(at)
  }
  return sum >>> 0
}

/** A name for what is kept of a file, wherever it is. */
function nameOf(file: string): string {
  let hash = 0
  for (let i = 0; i < file.length; i++) hash = (Math.imul(hash, 31) + file.charCodeAt(i)) | 0
  return `${(hash >>> 0).toString(16)}-${basename(file)}`
}
