const NAMES: readonly (readonly [library: string, command: string])[] = [
  ['maxRows', '--max-rows'],
  ['maxMemory', '--memory, of which less than half is for rows'],
  ['from and to', '--from and --to'],
  ['option externalData', '--external URL=PATH'],
]

/** A hint that names an option of the library, with the name that it has on the command line. */
export function withOptionNames(hint: string): string {
  return NAMES.reduce((text, [library, command]) => text.replace(library, command), hint)
}
