/** What a key asks for. */
export type KeyCommand = 'quit' | 'all' | 'interrupt'

const COMMANDS: Readonly<Record<string, KeyCommand>> = {
  q: 'quit',
  a: 'all',
  '\r': 'all',
  // A terminal that hands on keys one by one makes no signal of this one.
  '\u0003': 'interrupt',
}

/** What of a terminal's input is used. */
export interface KeyInput {
  readonly isTTY?: boolean
  setRawMode(isRaw: boolean): unknown
  on(event: 'data', take: (data: Buffer) => void): unknown
  off(event: 'data', take: (data: Buffer) => void): unknown
  resume(): unknown
  pause(): unknown
}

/** Listens to the keys of a terminal; what it gives ends that. Where there is none, it does nothing. */
export function listenToKeys(
  input: KeyInput,
  onCommand: (command: KeyCommand) => void,
): () => void {
  if (!input.isTTY) return () => undefined
  const onData = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      const command = COMMANDS[key]
      if (command !== undefined) onCommand(command)
    }
  }
  input.setRawMode(true)
  input.on('data', onData)
  input.resume()
  return () => {
    input.off('data', onData)
    input.setRawMode(false)
    input.pause()
  }
}
