import type { Column } from '../../types/schema.ts'
import type { Catalog } from '../catalog.ts'
import type { RecordColumn, RecordFilter } from '../json/record-columns.ts'
import type { ReadProblem, TableSource } from '../source.ts'
import type { DataFile } from './data-file.ts'
import { CATEGORY_TABLES } from './diagnostic-settings.ts'
import { FileTable } from './file-table.ts'
import type { ObservedColumn } from './observed-types.ts'
import { observedType, widen } from './observed-types.ts'
import type { RecordShape } from './record-shape.ts'
import { columnsOf, SHAPE_NAMES, tableOfWord } from './record-shape.ts'
import type { FileSurvey, FileVerdict, KnownColumns } from './survey.ts'
import { SURVEYED_RECORDS, surveyFile } from './survey.ts'
import type { TableNames } from './table-names.ts'
import { tableNames, tableOfPath } from './table-names.ts'
import type { FileTableOptions, TablePart } from './table-part.ts'
import { inTabular, withoutTypeSuffix } from './tabular-columns.ts'

/** A file with the tables that the user says it holds; none where it is to be found out. */
export interface GivenFile {
  readonly file: DataFile
  readonly tables: readonly string[]
  /** Whether the user named the file itself, and not a folder that it is in; true when absent. */
  readonly named?: boolean
}

/** What was found in a file. */
export interface OpenedFile {
  readonly path: string
  /** How its records are packed and what they are, in words. */
  readonly format: string
  /** The tables that it holds records of. */
  readonly tables: readonly string[]
  /** Its size as it is stored. */
  readonly bytes?: number
  /** What the user should know about how it is read. */
  readonly notes: readonly string[]
}

/** A file, or records in it, whose table cannot be told. */
export interface UnrecognisedFile {
  readonly path: string
  readonly message: string
  /** Whether the user named the file itself; in a folder there may be other things than logs. */
  readonly named: boolean
}

/** The tables in some files. */
export interface OpenedFiles {
  readonly sources: ReadonlyMap<string, TableSource>
  readonly files: readonly OpenedFile[]
  readonly unrecognised: readonly UnrecognisedFile[]
  /** Files that cannot be read at all. */
  readonly problems: readonly ReadProblem[]
}

/** Options of {@link openFiles}. */
export interface OpenFilesOptions extends FileTableOptions {
  readonly catalog: Catalog
  /** Tables that have the catalog's columns exactly: others in the files are left out. */
  readonly exact?: readonly string[]
  /**
   * Whether a column that a union had split by type, `DeviceDetail_dynamic` and `DeviceDetail_string`
   * in an export, fills the column of the plain name.
   */
  readonly coalesceSuffixes?: boolean
  /** Whether all records are looked at for columns, and not the first ones alone. */
  readonly whole?: boolean
  readonly signal?: AbortSignal
}

/**
 * Finds out what the files hold and makes tables of them: of each file its format, and of each record
 * its table, by what the user said, else by the record's own word, else by the path.
 */
export async function openFiles(
  given: readonly GivenFile[],
  options: OpenFilesOptions,
): Promise<OpenedFiles> {
  const opener = new Opener(options)
  // Some files are looked at ahead of their turn, so that one is read while another is.
  const ahead: Promise<Surveyed>[] = []
  for (const file of given) {
    const survey = opener.survey(file)
    // A failure is met in its turn; until then it must not count as unhandled.
    survey.catch(() => undefined)
    ahead.push(survey)
    if (ahead.length >= SURVEYED_AT_ONCE) opener.add(await (ahead.shift() as Promise<Surveyed>))
  }
  for (const survey of ahead) opener.add(await survey)
  return opener.finish()
}

/** The records of a table in a file, until the table's columns are known. */
interface Share {
  readonly file: DataFile
  readonly survey: FileSurvey | undefined
  /** The columns that its records have beyond the built-in ones. */
  readonly unknown: readonly ObservedColumn[]
  readonly faults?: TablePart['faults']
  readonly filter?: TablePart['filter']
}

/** A file and what a look at it gave. */
interface Surveyed {
  readonly file: DataFile
  readonly given: readonly string[]
  readonly named: boolean
  readonly fromPath: string | undefined
  readonly verdict: FileVerdict
}

const SURVEYED_AT_ONCE = 4

/** Records that are looked at where that is only to know their shape and the tables they name. */
const EXACT_RECORDS = 100

class Opener {
  readonly #options: OpenFilesOptions
  readonly #names: TableNames
  readonly #shares = new Map<string, Share[]>()
  readonly #files: OpenedFile[] = []
  readonly #unrecognised: UnrecognisedFile[] = []
  readonly #problems: ReadProblem[] = []

  constructor(options: OpenFilesOptions) {
    this.#options = options
    this.#names = tableNames(options.catalog.names())
  }

  async survey({ file, tables, named }: GivenFile): Promise<Surveyed> {
    const fromPath = tableOfPath(file.path, this.#names)
    const known = this.#knownColumns(tables, fromPath)
    const { signal, whole = false } = this.#options
    const most = whole ? Number.POSITIVE_INFINITY : SURVEYED_RECORDS
    const records = this.#isExact(tables) ? EXACT_RECORDS : most
    const schema = this.#options.catalog.schemaOf(tables[0] ?? fromPath ?? '') ?? []
    const arrays = schema.filter(({ type }) => type === 'dynamic').map(({ name }) => name)
    const verdict = await surveyFile(file, known, records, signal, new Set(arrays))
    return { file, given: tables, named: named ?? true, fromPath, verdict }
  }

  add(surveyed: Surveyed): void {
    const { file, given, fromPath, verdict } = surveyed
    const { path } = file
    if (verdict.kind === 'refused') {
      this.#problems.push({ file: path, kind: 'record', message: verdict.message })
      return
    }
    if (verdict.kind === 'empty') {
      const tables = given.length > 0 ? given : fromPath === undefined ? [] : [fromPath]
      for (const table of tables) this.#share(table, { file, survey: undefined, unknown: [] })
      this.#opened(file, verdict.format, tables, [])
      return
    }
    this.#addSurveyed(surveyed, shapedFor(verdict.survey, given))
  }

  finish(): OpenedFiles {
    const sources = new Map<string, TableSource>()
    for (const [table, shares] of this.#shares) sources.set(table, this.#tableOf(table, shares))
    return {
      sources,
      files: this.#files,
      unrecognised: this.#unrecognised,
      problems: this.#problems,
    }
  }

  #knownColumns(given: readonly string[], fromPath: string | undefined): KnownColumns {
    const { catalog } = this.#options
    const namesOf = (table: string | undefined) => {
      const schema = table === undefined ? undefined : catalog.schemaOf(table)
      return schema === undefined ? undefined : new Set(schema.map(column => column.name))
    }
    return (shape, word) => {
      const own = tableOfWord(shape, word, name => catalog.has(name))
      if (given.length === 0) return namesOf(own ?? fromPath)
      return namesOf(own !== undefined && given.includes(own) ? own : given[0])
    }
  }

  #addSurveyed({ file, given, named, fromPath }: Surveyed, survey: FileSurvey): void {
    const assign = this.#assignment(survey, given, fromPath)
    const tables = new Map<string, ObservedColumn[]>()
    const strangers: (string | undefined)[] = []
    const faults: Pick<ReadProblem, 'line' | 'message'>[] = []
    if (survey.faultyLine !== undefined) faults.push({ message: notUtf8(survey.faultyLine) })
    const notes: string[] = []
    for (const [word, { columns, records }] of survey.words) {
      const table = assign(word)
      if (table === undefined) {
        // Where there is more to go by, records without members decide nothing.
        if (columns.length === 0 && survey.words.size > 1) faults.push(memberless(survey))
        else strangers.push(word)
        continue
      }
      if (given.length > 0 && !given.includes(table)) {
        const what = records === 1 ? `record of ${table} is` : `records of ${table} are`
        const count = survey.whole ? records : `At least ${records}`
        notes.push(`${count} ${what} left out: the file is given for ${given.join(', ')}.`)
        continue
      }
      tables.set(table, widen(tables.get(table) ?? [], columns))
    }
    const format = describe(survey)
    if (strangers.length > 0) {
      this.#unrecognised.push({
        path: file.path,
        message: strangerMessage(survey, format, strangers),
        named,
      })
    }
    for (const zone of new Set(survey.tabular?.map(column => column.zone))) {
      if (zone !== undefined && zone !== 'UTC') notes.push(`Times of zone ${zone} are read as UTC.`)
    }
    const inHeader = survey.tabular?.filter(({ repeated }) => repeated === true) ?? []
    for (const name of [...inHeader.map(column => column.name), ...(file.repeated ?? [])]) {
      notes.push(`Several columns are called ${name}: the first is read, the others are left out.`)
    }
    if (survey.unnamed !== undefined) {
      const what = survey.unnamed === 1 ? 'A column has' : `${survey.unnamed} columns have`
      notes.push(`${what} no name: what is there is left out.`)
    }
    if (survey.shape === 'az-cli') notes.push(AZ_CLI_NOTE)
    for (const [table, columns] of tables) {
      const unknown = unknownOf(survey.shape, columns)
      const share = { file, survey, unknown, faults }
      if (survey.decider === undefined || (survey.whole && survey.words.size === 1)) {
        this.#share(table, share)
      } else {
        const filter = filterFor(survey, table, assign, this.#isExact(given))
        this.#share(table, { ...share, filter })
      }
    }
    if (tables.size > 0) this.#opened(file, format, [...tables.keys()], notes)
    else if (strangers.length === 0) {
      const message = `It holds no records of ${given.join(', ')}. ${notes.join(' ')}`
      this.#unrecognised.push({ path: file.path, message, named })
    }
  }

  /** The table of the records that say a word. */
  #assignment(
    survey: FileSurvey,
    given: readonly string[],
    fromPath: string | undefined,
  ): (word: string | undefined) => string | undefined {
    const { catalog } = this.#options
    const { shape } = survey
    const own = (word: string | undefined) => tableOfWord(shape, word, name => catalog.has(name))
    const words = [...survey.words.keys()]
    if (given.length > 0) {
      const [first] = given
      // What the user says of rows counts more than their own word; other shapes differ by table.
      const filters = !isRows(shape) || words.some(word => given.includes(own(word) ?? ''))
      return word => (filters ? (own(word) ?? first) : first)
    }
    const timed = [...survey.words.values()].some(({ columns }) =>
      columns.some(column => column.name === 'TimeGenerated'),
    )
    // Beside records that name their table, one that names something else is not the path's.
    const anyKnown = words.some(word => word !== undefined && own(word) !== undefined)
    return word => {
      const table = own(word)
      if (table !== undefined) return table
      if (fromPath !== undefined && (word === undefined || !anyKnown)) return fromPath
      // A row of Log Analytics names its table, which may be newer than the catalog.
      const isName = word !== undefined && /^[A-Za-z]\w*$/.test(word)
      return timed && isName && isRows(shape) ? word : undefined
    }
  }

  /** Whether the user says which tables there are, and none of them takes columns from the files. */
  #isExact(given: readonly string[]): boolean {
    const { exact = [] } = this.#options
    return given.length > 0 && given.every(table => exact.includes(table))
  }

  #share(table: string, share: Share): void {
    const shares = this.#shares.get(table) ?? []
    shares.push(share)
    this.#shares.set(table, shares)
  }

  #opened(
    { path, size }: DataFile,
    format: string,
    tables: readonly string[],
    notes: readonly string[],
  ): void {
    this.#files.push({
      path,
      format,
      tables,
      notes,
      ...(size === undefined ? {} : { bytes: size }),
    })
  }

  #tableOf(table: string, shares: readonly Share[]): TableSource {
    const known = this.#options.catalog.schemaOf(table) ?? []
    const names = new Set(known.map(column => column.name))
    const exact = this.#options.exact?.includes(table) === true
    const coalesce = this.#options.coalesceSuffixes === true
    const isNew = ({ name }: ObservedColumn) =>
      !names.has(name) && !(coalesce && names.has(withoutTypeSuffix(name)))
    let unknown: ObservedColumn[] = []
    for (const share of shares) {
      if (!exact) unknown = widen(unknown, share.unknown.filter(isNew))
    }
    const schema: Column[] = [
      ...known,
      ...unknown.map(column => ({ name: column.name, type: observedType(column) })),
    ]
    // The same columns for all files of a shape: there may be thousands.
    const byShape = new Map<RecordShape, RecordColumn[]>()
    const parts = shares.map(({ file, survey, faults = [], filter }): TablePart => {
      if (survey === undefined) return { file, container: undefined, columns: [] }
      const columns = byShape.get(survey.shape) ?? columnsOf(survey.shape, table, schema)
      byShape.set(survey.shape, columns)
      return {
        file,
        container: survey.container,
        columns:
          survey.tabular === undefined ? columns : inTabular(columns, survey.tabular, coalesce),
        ...(filter === undefined ? {} : { filter }),
        faults,
      }
    })
    return new FileTable(schema, parts, this.#options)
  }
}

function notUtf8(line: number): string {
  return `Line ${line} has bytes that are not UTF-8, and others may: they are read as U+FFFD. Is the file in another encoding, such as Windows-1252?`
}

function memberless({ memberlessLine: line }: FileSurvey): Pick<ReadProblem, 'line' | 'message'> {
  return line === undefined
    ? { message: 'Records without members, which tell no table, are skipped.' }
    : { line, message: 'It has no members to tell its table by; others like it are not told of.' }
}

/** What the user should know about the output of the az command line. */
const AZ_CLI_NOTE = 'The az command line prints null as "None": in text columns it stays that text.'

/** The members of the records that are columns of their own. */
function unknownOf(
  shape: RecordShape,
  columns: readonly ObservedColumn[],
): readonly ObservedColumn[] {
  if (shape === 'row') return columns
  // The name of the result's table, which the tool adds to each row.
  return shape === 'az-cli' ? columns.filter(column => column.name !== 'TableName') : []
}

function isRows(shape: RecordShape): boolean {
  return shape === 'row' || shape === 'az-cli'
}

/** Records that the user gives to a table that is none of the shape's own are rows as they are. */
function shapedFor(survey: FileSurvey, given: readonly string[]): FileSurvey {
  const own = Object.values(CATEGORY_TABLES)
  if (given.length === 0 || isRows(survey.shape) || given.some(table => own.includes(table)))
    return survey
  return { ...survey, shape: 'row' }
}

function filterFor(
  survey: FileSurvey,
  table: string,
  assign: (word: string | undefined) => string | undefined,
  othersExpected: boolean,
): (report: (message: string) => void) => RecordFilter {
  const expected = new Set([...survey.words.keys()].map(assign))
  const missing = assign(undefined) === undefined
  return report => {
    const stray = (what: string) =>
      report(
        `Records ${what} appear after the first of the file and are not read. ` +
          'Name their table with --table.',
      )
    let strayed = false
    return {
      known: [...survey.words.keys()],
      // The record itself stands in for a missing word where that belongs to no table.
      candidates: [
        ...(survey.decider === undefined ? [] : [survey.decider]),
        ...(missing ? [[]] : []),
      ],
      accepts: word => {
        if (missing && word !== undefined && /^[[{]/.test(word)) {
          if (!strayed && !survey.words.has(undefined))
            stray(`without ${survey.decider?.join('.')}`)
          strayed = true
          return false
        }
        const assigned = assign(word)
        if (assigned === table) return true
        const isNew = word !== undefined && !survey.words.has(word) && !expected.has(assigned)
        if (isNew && !othersExpected) stray(`of ${word}`)
        return false
      },
    }
  }
}

function describe({ container, shape }: FileSurvey): string {
  return container.kind === 'csv' ? 'CSV' : `${container.format}, ${SHAPE_NAMES[shape]}`
}

/** How many names of members a message lists. */
const LISTED = 12

function strangerMessage(
  survey: FileSurvey,
  format: string,
  strangers: readonly (string | undefined)[],
): string {
  const columns = strangers.flatMap(word => survey.words.get(word)?.columns ?? [])
  const names = [...new Set(columns.map(column => column.name))]
  const listed = names.slice(0, LISTED).join(', ')
  const more = names.length > LISTED ? `, … (${names.length} in all)` : ''
  const said = strangers.filter(word => word !== undefined)
  const place = survey.decider?.join('.')
  const words = said.length === 0 ? '' : ` ${place}: ${said.slice(0, LISTED).join(', ')}.`
  return (
    `It cannot be told which table its records belong to: name it with --table NAME=PATH. ` +
    `Found ${format}.${words} ${listed === '' ? 'They have no members' : `Members: ${listed}${more}`}.`
  )
}
