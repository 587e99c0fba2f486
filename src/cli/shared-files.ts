import { resolve, sep } from 'node:path'
import { type ExecutionOptions, executeOptions } from './options.ts'
import type { Settings } from './settings.ts'

/** The files and folders beside the configuration that the tests of all rules share. */
export function sharedFiles(
  { config, workspace }: Settings,
  options: Pick<ExecutionOptions, 'external' | 'geoip'>,
): string[] {
  const { functions, watchlists, enrichments, places } = workspace
  const { external } = executeOptions({ diagnostics: 'text', ...options }, config)
  const geoip = options.geoip ?? config.geoip
  return [
    ...functions,
    ...[...watchlists.values(), ...enrichments.values()].flatMap(({ path }) => path),
    ...[...places.values()].flatMap(paths => (typeof paths === 'string' ? [] : paths)),
    ...Object.values(external),
    ...(geoip === undefined || geoip === 'none' ? [] : [geoip]),
  ].map(fixedPart)
}

/** The part of a pattern such as `functions/*.kql` that is no pattern: a file or a folder. */
export function fixedPart(pattern: string): string {
  const parts = pattern.split(/[\\/]/)
  const at = parts.findIndex(part => /[*?[\]{}]/.test(part))
  return resolve(at < 0 ? pattern : parts.slice(0, at).join(sep) || '.')
}
