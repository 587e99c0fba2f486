/** What a key asks for. */
export type KeyCommand = 'quit' | 'all' | 'interrupt'

const COMMANDS: Readonly<Record<string, KeyCommand>> = {
  q: 'quit',
  a: 'all',
  '\r': 'all',
  // A terminal that hands on keys one by one makes no signal of this one.
  '\u0003': 'interrupt',
}

/** Listens to the keys of a terminal; what it gives ends that. Where there is none, it does nothing. */
export function listenToKeys(
  input: NodeJS.ReadStream,
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
