import { afterAll, describe, expect, it } from 'vitest'
import { mmdbOf } from '../unit/node/mmdb.ts'
import { folderWith, kqlab } from './kqlab.ts'

const KQL = "print country = tostring(geo_info_from_ip_address('192.0.2.7').country)"

const folder = folderWith({
  'city.mmdb': mmdbOf({ '192.0.2.0/24': { country: { names: { en: 'Examplia' } } } }),
  'text.mmdb': 'no database',
})

afterAll(() => folder.remove())

const query = (...options: readonly string[]): ReturnType<typeof kqlab> =>
  kqlab(['query', KQL, '--format', 'csv', ...options], { cwd: folder.path })

describe('--geoip', () => {
  it('names a database', async () => {
    expect(await query('--geoip', 'city.mmdb')).toEqual({
      code: 0,
      stdout: 'country\nExamplia\n',
      stderr: '',
    })
  })

  it('none makes every location null', async () => {
    expect((await query('--geoip', 'none')).stdout).toBe('country\n""\n')
  })

  it('is named where it is missing', async () => {
    const { code, stderr } = await query()
    expect(code).toBe(1)
    expect(stderr).toContain('error[KQL107]')
    expect(stderr).toContain('--geoip FILE')
  })

  it('is for the runs of explain too', async () => {
    const args = ['explain', KQL, '--analyze', '--geoip', 'none']
    const { code, stdout, stderr } = await kqlab(args, { cwd: folder.path })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('-- 1 row')
  })

  it('refuses what is no database', async () => {
    const { code, stderr } = await query('--geoip', 'text.mmdb')
    expect(code).toBe(1)
    expect(stderr).toContain("error[KQL103]: text.mmdb: It is no database in MaxMind's format")
  })
})
