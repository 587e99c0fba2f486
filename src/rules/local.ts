/** What `local` means as a path of a place: the data of the run. */
export const LOCAL = { kind: 'local' } as const
