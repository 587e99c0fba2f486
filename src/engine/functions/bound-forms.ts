import type { Example } from './declare.ts'

/** What is called like a function, but is no function of values: the binder knows it by name. */
export const BOUND_FORMS: readonly {
  readonly form: string
  readonly doc: string
  readonly example: Example
}[] = [
  {
    form: 'toscalar(table)',
    doc: 'The first column of the first row of a tabular expression, computed once; null where there is no row.',
    example: { query: 'print n = toscalar(range x from 1 to 3 step 1 | count)', rows: [{ n: 3 }] },
  },
  {
    form: 'materialize(table)',
    doc: 'The tabular expression, computed once however often it is read.',
    example: {
      query: 'let T = materialize(range x from 1 to 2 step 1); T | union T | summarize sum(x)',
      rows: [{ sum_x: 6 }],
    },
  },
  {
    form: 'column_ifexists(name, default)',
    doc: 'The column of that name where the input has one, else the default.',
    example: {
      query: 'print a = 1 | project b = column_ifexists("b", "none")',
      rows: [{ b: 'none' }],
    },
  },
  {
    form: 'pack_all([ignoreEmpty])',
    doc: 'A bag of all columns of the row; with true, without those that are null or empty.',
    example: { query: 'print a = 1, b = "" | project p = pack_all(true)', rows: [{ p: { a: 1 } }] },
  },
  {
    form: 'bag_pack_columns(column, …)',
    doc: 'A bag of the columns, each under its name.',
    example: {
      query: 'print a = 1, b = 2 | project p = bag_pack_columns(b)',
      rows: [{ p: { b: 2 } }],
    },
  },
  {
    form: 'estimate_data_size(column, …)',
    doc: 'How many bytes the values of the columns have, `*` for all: those of texts in UTF-8, and as many as the type has. Of decimals and dynamics it is not known.',
    example: {
      query:
        'range x from 1 to 10 step 1 | extend t = "1234567890" | summarize s = sum(estimate_data_size(*))',
      rows: [{ s: 180 }],
    },
  },
  {
    form: 'column_names_of(table)',
    doc: 'The names of the columns of a table, as an array.',
    example: {
      query: 'let T = datatable(a:string, b:int)[]; print c = column_names_of(T)',
      rows: [{ c: ['a', 'b'] }],
    },
  },
  {
    form: 'bin_auto(value)',
    doc: 'The start of the bin that holds the value, with the bin size of the option `query_bin_auto_size`; `query_bin_auto_at`, if set, is the start of a bin.',
    example: {
      query:
        'set query_bin_auto_size=10; set query_bin_auto_at=3; print x = 17 | project bin_auto(x)',
      rows: [{ x: 13 }],
    },
  },
  {
    form: 'ingestion_time()',
    doc: 'The column `_TimeReceived` where the rows have it; else null, with a warning. In a replay and in tests of rules, for rows that do not say when they arrived, their time and the delay that is assumed.',
    example: {
      query: 'print _TimeReceived = datetime(2026-01-02) | project t = ingestion_time()',
      rows: [{ t: '2026-01-02T00:00:00.0000000Z' }],
    },
  },
]
