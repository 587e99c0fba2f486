import * as promises from 'node:fs/promises'

/** Node's functions over files that give promises; they are loaded, with much else, when they are first used. */
export const filePromises = () => promises
