/** Tells builds apart, 16 characters: the build puts a check sum of all that it made here. */
export const BUILD = '----------------'
