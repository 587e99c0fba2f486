import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { reasonOf } from '../node/data-paths.ts'
import { UsageError } from './exit.ts'

/** How a file is written. */
export interface WriteOptions {
  /** Whether the folder that it lies in is made. */
  readonly inFolder?: boolean
  /** Whether a file that is there already is left alone. */
  readonly keep?: boolean
}

/**
 * Writes a file. Gives false where it is there already and is to be kept.
 * @throws UsageError where it cannot be written.
 */
export async function written(
  path: string,
  text: string,
  { inFolder = false, keep = false }: WriteOptions = {},
): Promise<boolean> {
  try {
    if (inFolder) await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: keep ? 'wx' : 'w' })
    return true
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (keep && code === 'EEXIST' && syscall === 'open') return false
    throw new UsageError(`${path} cannot be written: ${writeReason(error)}`)
  }
}

/** Why a file or a folder cannot be written, in words for people. */
export function writeReason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return 'Permission to write there is missing.'
    case 'EROFS':
      return 'Nothing can be written there.'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'It is no folder, or lies in what is none.'
    case 'ENOSPC':
      return 'There is no space left.'
    default:
      return reasonOf(error)
  }
}
