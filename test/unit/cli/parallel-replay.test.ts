import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { ParallelReplay } from '../../../src/cli/parallel-replay.ts'
import type { WorkerTask } from '../../../src/cli/replay-messages.ts'

const started = vi.hoisted((): EventEmitter[] => [])

/** Threads that do what the tests say. */
vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    constructor() {
      super()
      started.push(this)
    }

    postMessage(): void {
      // Nothing comes of it.
    }

    terminate(): Promise<number> {
      return Promise.resolve(1)
    }
  },
}))

const input = { rules: [], sources: new Map(), onProblem: () => undefined }
const task: Omit<WorkerTask, 'only' | 'threads'> = {
  rules: { paths: [], filter: {} },
  options: { diagnostics: 'text' },
}

it('fails where a thread dies that has nothing to do', async () => {
  const loading = ParallelReplay.load(input, task, [[0]])
  started.at(-1)?.emit('message', { kind: 'loaded' })
  const replay = await loading
  started.at(-1)?.emit('error', new Error('no more memory'))
  started.at(-1)?.emit('exit', 1)
  await expect(replay.run()).rejects.toThrow('no more memory')
  await replay.close()
})

it('fails where a thread ends before its first message', async () => {
  const loading = ParallelReplay.load(input, task, [[0]])
  started.at(-1)?.emit('exit', 0)
  await expect(loading).rejects.toThrow('a worker ended with 0')
})
