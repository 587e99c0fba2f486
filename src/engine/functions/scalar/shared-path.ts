/** The parts of a file path that `parse_path()` tells apart. */
export interface PathParts {
  readonly scheme: string
  readonly rootPath: string
  readonly directoryPath: string
  readonly directoryName: string
  readonly filename: string
  readonly extension: string
  readonly alternateDataStreamName: string
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i
const DRIVE = /^(?:\\\\\?\\)?([a-z]:)(?=[\\/]|$)/i

/**
 * The parts of a path with slashes of either kind.
 * @see https://learn.microsoft.com/kusto/query/parse-path-function
 */
export function parsePath(path: string): PathParts {
  const scheme = SCHEME.exec(path)?.[1] ?? ''
  const body = scheme === '' ? path : path.slice(scheme.length + 3)
  const rootPath = DRIVE.exec(body)?.[1] ?? ''
  const slash = lastSlash(body)
  const directoryPath = slash < 0 ? '' : body.slice(0, slash)
  const last = body.slice(slash + 1)
  const colon = last.indexOf(':')
  const filename = colon < 0 ? last : last.slice(0, colon)
  const dot = filename.lastIndexOf('.')
  return {
    scheme,
    rootPath,
    directoryPath,
    directoryName: directoryPath.slice(lastSlash(directoryPath) + 1),
    filename,
    extension: dot < 0 ? '' : filename.slice(dot + 1),
    alternateDataStreamName: colon < 0 ? '' : last.slice(colon + 1),
  }
}

function lastSlash(text: string): number {
  return Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'))
}
