import { isAscii } from 'node:buffer'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import * as modules from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v8 from 'node:v8'
import { constants, Script } from 'node:vm'
import * as threads from 'node:worker_threads'
import { BUILD } from './build.ts'

// Node's compile cache has of a file what is compiled when it is loaded. Functions are compiled when they
// are first called: a thousand of them in every run. Here is kept what was compiled by the end of a run.

// Loaded where they are needed: they take a millisecond each.
const loadThreads = () => threads
const loadV8 = () => v8

/**
 * Before the data: the build, when the source was written, V8's tag of the data. They are there twice: to compare
 * them takes a tenth of the time in which Node would load what works out a check sum.
 */
const TIME_AT = 16
const TAG_AT = 24
/** Where V8 need not copy it. */
const DATA_AT = 32
/** Runs of more seconds keep nothing: V8 throws away what was not called for some collections of garbage. */
const MOST_SECONDS = 2
/** Where a process has its {@link Kept}. */
const KEPT = Symbol.for('kqlab.kept')

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

/** What is to be kept when the process ends: of the last library that was loaded, where that is done again. */
interface Kept {
  files: Compiled[]
  /** What V8 says of its version and flags, as it was when the first file was compiled. */
  tag: number | undefined
}

const here = fileURLToPath(new URL('.', import.meta.url))
const requireHere = modules.createRequire(import.meta.url)
const loaded = new Map<string, Loaded>()
const kept: Kept = { files: [], tag: undefined }
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
  // Bun compiles faster than it keeps. Coverage counts characters, of which there are more here.
  const isOther = process.versions['bun'] !== undefined || process.env['NODE_V8_COVERAGE']
  if (cache === undefined || isOther) return undefined
  // Test runners give modules a world of their own, in which a script does not run.
  const isOwnWorld = new Script('Array').runInThisContext() === Array
  return isOwnWorld ? join(cache, 'kqlab') : undefined
}

function compile(file: string, folder: string): Script {
  const time = statSync(file).mtimeMs
  const bytes = readFileSync(file)
  // The build makes ASCII alone, which is read faster.
  const source = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')
  const path = join(folder, nameOf(file))
  const own = keptIn(path, time)
  const head = '(function (exports, require, module, __filename, __dirname) { '
  const script = new Script(`${head}${source}\n})`, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(own === undefined ? {} : { cachedData: dataOf(own) }),
  })
  const isUsed = own !== undefined && script.cachedDataRejected === false
  if (kept.files.length === 0) {
    kept.tag = isUsed ? own.readUInt32LE(TAG_AT) : loadV8().cachedDataVersionTag()
    keepAtEnd()
  }
  // What V8 refuses was made with other flags than it has by now.
  kept.files.push({ path, script, time, size: own?.length ?? 0 })
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
    // V8 looks at what made the data, and takes the rest as it is.
    dataOf(file).equals(file.subarray(DATA_AT + dataOf(file).length))
  return isWhole ? file : undefined
}

/** The data in a file. */
function dataOf(file: Buffer): Buffer {
  return file.subarray(DATA_AT, DATA_AT + Math.floor((file.length - DATA_AT) / 2))
}

/** Has {@link keep} called when the process ends, once for however many libraries it loads. */
function keepAtEnd(): void {
  const state = process as { [KEPT]?: { kept: Kept } }
  if (state[KEPT] === undefined) {
    const last = { kept }
    state[KEPT] = last
    process.on('exit', () => keep(last.kept))
  } else state[KEPT].kept = kept
}

/** Keeps what was compiled, of all files, where one is new. */
function keep({ files, tag }: Kept): void {
  if (!files.some(({ size }) => size === 0) || process.uptime() > MOST_SECONDS) return
  try {
    // Data for flags that V8 has not when it starts would never be used.
    if (!loadThreads().isMainThread || loadV8().cachedDataVersionTag() !== tag) return
    for (const file of files) write(file, tag)
  } catch {
    // A place that is full or not to be written to: the next run starts as this one did.
  }
}

function write({ path, script, time, size }: Compiled, tag: number): void {
  const data = script.createCachedData()
  const file = Buffer.alloc(DATA_AT + 2 * data.length)
  if (file.length <= size) return
  file.write(BUILD, 'latin1')
  file.writeDoubleLE(time, TIME_AT)
  file.writeUInt32LE(tag, TAG_AT)
  data.copy(file, DATA_AT)
  data.copy(file, DATA_AT + data.length)
  mkdirSync(join(path, '..'), { recursive: true })
  // Whole or not at all, whoever else writes it.
  const own = `${path}.${process.pid}-${Math.random().toString(36).slice(2)}`
  try {
    writeFileSync(own, file, { flag: 'wx' })
    renameSync(own, path)
  } catch (error) {
    rmSync(own, { force: true })
    throw error
  }
}

/** A name for what is kept of a file, wherever it is. */
function nameOf(file: string): string {
  let hash = 0
  for (let i = 0; i < file.length; i++) hash = (Math.imul(hash, 31) + file.charCodeAt(i)) | 0
  return `${(hash >>> 0).toString(16)}-${basename(file)}`
}
