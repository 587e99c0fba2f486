import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../../src/tables/catalog.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'

const shared = fileURLToPath(new URL('../../../../shared/schemas/', import.meta.url))

describe('Catalog.builtin', () => {
  it('knows the tables of the published rules', () => {
    const catalog = Catalog.builtin()
    const audit = catalog.schemaOf('AuditLogs')
    expect(audit?.slice(0, 2)).toEqual([
      { name: 'TenantId', type: 'string' },
      { name: 'TimeGenerated', type: 'datetime' },
    ])
    expect(audit?.find(({ name }) => name === 'TargetResources')?.type).toBe('dynamic')
    const signIns = catalog.schemaOf('AADNonInteractiveUserSignInLogs')
    expect(signIns?.find(({ name }) => name === 'DeviceDetail')?.type).toBe('string')
    expect(catalog.schemaOf('AuditLogs')).toBe(audit)
  })

  it('is case-sensitive, and knows no names that objects inherit', () => {
    const catalog = Catalog.builtin()
    expect(catalog.has('AuditLogs')).toBe(true)
    for (const name of ['auditlogs', 'constructor', '__proto__', 'toString', '']) {
      expect(catalog.has(name)).toBe(false)
      expect(catalog.schemaOf(name)).toBeUndefined()
    }
  })

  it.skipIf(!existsSync(shared))(
    'equals tables.json over all-tables.json of ../shared/schemas (skipped where absent)',
    () => {
      type Tables = Record<string, Record<string, ScalarType>>
      const read = (name: string): Tables => JSON.parse(readFileSync(shared + name, 'utf8'))
      const expected = { ...read('all-tables.json'), ...read('tables.json') }
      const catalog = Catalog.builtin()
      expect(catalog.names().toSorted()).toEqual(Object.keys(expected).toSorted())
      for (const [table, columns] of Object.entries(expected)) {
        const schema = catalog.schemaOf(table) ?? []
        expect(schema.map(({ name, type }) => [name, type])).toEqual(Object.entries(columns))
      }
    },
  )
})

describe('Catalog.with', () => {
  it('adds and replaces tables, and leaves the catalog as it was', () => {
    const base = Catalog.empty().with({ A: { x: 'long' } })
    const more = base.with({ B: [{ name: 'y', type: 'string' }], A: { z: 'bool', x: 'real' } })
    expect(base.names()).toEqual(['A'])
    expect(base.schemaOf('A')).toEqual([{ name: 'x', type: 'long' }])
    expect(more.names()).toEqual(['A', 'B'])
    expect(more.schemaOf('A')).toEqual([
      { name: 'z', type: 'bool' },
      { name: 'x', type: 'real' },
    ])
    expect(more.schemaOf('B')).toEqual([{ name: 'y', type: 'string' }])
  })

  it('replaces a built-in table exactly', () => {
    const catalog = Catalog.builtin().with({ AuditLogs: { Mine: 'long' }, Mine_CL: {} })
    expect(catalog.schemaOf('AuditLogs')).toEqual([{ name: 'Mine', type: 'long' }])
    expect(catalog.schemaOf('Mine_CL')).toEqual([])
    const names = catalog.names()
    expect(names.filter(name => name === 'AuditLogs')).toHaveLength(1)
    expect(names).toHaveLength(Catalog.builtin().names().length + 1)
    expect(Catalog.builtin().schemaOf('AuditLogs')?.length).toBeGreaterThan(30)
  })

  it('refuses types that are none, and names that occur twice', () => {
    const bad = JSON.parse('{"x":"text"}')
    expect(() => Catalog.empty().with({ A: bad })).toThrow(
      'Column x of table A has no type of KQL: text.',
    )
    const twice = [
      { name: 'x', type: 'long' },
      { name: 'x', type: 'string' },
    ] as const
    expect(() => Catalog.empty().with({ A: twice })).toThrow('Table A has two columns named x.')
  })
})
