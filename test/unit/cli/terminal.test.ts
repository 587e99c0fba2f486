import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { writeTo } from '../../../src/cli/terminal.ts'

/** How many wait for something of the stream. */
function waiting(stream: PassThrough): number {
  return stream.listenerCount('drain') + stream.listenerCount('close')
}

describe('writing to a stream', () => {
  it('waits while the stream has to catch up, and leaves nothing behind', async () => {
    const stream = new PassThrough({ highWaterMark: 4 })
    const before = waiting(stream)
    let read = ''
    for (let count = 0; count < 20; count++) {
      const written = writeTo(stream, 'longer than four')
      expect(waiting(stream)).toBe(before + 2)
      read += String(stream.read())
      await written
      expect(waiting(stream)).toBe(before)
    }
    expect(read).toBe('longer than four'.repeat(20))
  })

  it('waits no longer for a stream that was closed', async () => {
    const stream = new PassThrough({ highWaterMark: 4 })
    const before = waiting(stream)
    const written = writeTo(stream, 'longer than four')
    stream.destroy()
    await written
    expect(waiting(stream)).toBe(before)
  })
})
