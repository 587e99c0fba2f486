import type { WriteStream } from 'node:tty'

/** A stream for text, and what it is. */
export interface Output {
  readonly isTerminal: boolean
  /** Whether colours may be used. */
  readonly color: boolean
  /** Cells in a line of the terminal; undefined where it is none. */
  readonly width: number | undefined
  /** Writes the text; what is awaited ends when more can be taken. */
  write(text: string): Promise<void>
}

/** Where a command prints. */
export interface Terminal {
  /** Results. */
  readonly out: Output
  /** Everything else: diagnostics, hints, progress. */
  readonly err: Output
}

/** Characters that are gathered before they are written. */
const CHUNK = 1 << 16
/** For terminals that do not tell. */
const DEFAULT_WIDTH = 80

/** The process's own streams. `NO_COLOR` and `FORCE_COLOR` are respected. */
export function processTerminal(): Terminal {
  return { out: outputTo(process.stdout), err: outputTo(process.stderr) }
}

function outputTo(stream: NodeJS.WriteStream): Output {
  const isTerminal = stream.isTTY === true
  return {
    isTerminal,
    color: usesColor(isTerminal, process.env),
    width: isTerminal ? (stream as WriteStream).columns || DEFAULT_WIDTH : undefined,
    write: text => writeTo(stream, text),
  }
}

/**
 * Whether colours are used: on a terminal that is not dumb, unless `NO_COLOR` has a value;
 * `FORCE_COLOR` decides before the stream does.
 * @see https://no-color.org
 */
export function usesColor(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') {
    return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  }
  return isTerminal && TERM !== 'dumb'
}

/** Writes a text, and waits where the stream has to catch up. */
export async function writeTo(stream: NodeJS.WritableStream, text: string): Promise<void> {
  if (text === '' || stream.write(text)) return
  await new Promise<void>(resolve => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    // A stream that was closed takes nothing more; its end is dealt with where the process starts.
    stream.on('close', done)
  })
}

/** Gathers lines and writes them in large pieces. */
export class LineWriter {
  readonly #out: Output
  #pending = ''

  constructor(out: Output) {
    this.#out = out
  }

  /** Adds text; waits where the stream has to catch up. */
  async add(text: string): Promise<void> {
    this.#pending += text
    if (this.#pending.length >= CHUNK) await this.flush()
  }

  async flush(): Promise<void> {
    const text = this.#pending
    this.#pending = ''
    await this.#out.write(text)
  }
}
