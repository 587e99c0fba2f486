import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { GitError, GitRepository } from '../../../src/node/git.ts'
import { GitFolder, hasGit } from './git-folder.ts'

if (!hasGit()) console.log('skipped: there is no git on this machine')

describe.skipIf(!hasGit())('a repository of git', () => {
  let folder: GitFolder
  let repository: GitRepository
  let first: string

  beforeAll(async () => {
    folder = new GitFolder()
    first = folder.commit({
      'rules/a.yaml': 'one',
      'rules/deep/b.yaml': 'bé\n',
      'rules/empty.yaml': '',
      'other.yaml': 'other',
      'rules/with blank[1].yaml': 'star',
    })
    symlinkSync('a.yaml', join(folder.path, 'rules/link.yaml'))
    folder.commit({ 'rules/a.yaml': 'two' })
    folder.git('tag', 'v1')
    repository = await GitRepository.of(join(folder.path, 'rules', 'gone', 'file.yaml'))
  })
  afterAll(() => folder.remove())
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  it('is found from a path that is not there any more', async () => {
    expect(repository.pathInside(join(folder.path, 'rules/gone/file.yaml'))).toBe(
      'rules/gone/file.yaml',
    )
    expect(repository.pathInside(folder.path)).toBe('')
    expect(repository.pathInside(join(folder.path, 'rules/'))).toBe('rules')
  })

  it('does not hold what is beside it', () => {
    const beside = join(folder.path, '..', 'beside')
    expect(repository.holds(beside)).toBe(false)
    expect(repository.holds(join(folder.path, '..inside'))).toBe(true)
    expect(() => repository.pathInside(beside)).toThrow(/is outside of the git repository/)
  })

  it('is refused where there is none', async () => {
    const alone = mkdtempSync(join(tmpdir(), 'kqlab-alone-'))
    await expect(GitRepository.of(alone)).rejects.toThrow(
      new GitError(`'${alone}' is in no git repository.`),
    )
    rmSync(alone, { recursive: true })
  })

  it('knows commits by branch, tag, hash and distance', async () => {
    expect(await repository.commitOf('main~1')).toBe(first)
    expect(await repository.commitOf(first.slice(0, 10))).toBe(first)
    expect(await repository.commitOf('v1')).toBe(await repository.commitOf('HEAD'))
  })

  it.each([
    'nope',
    '',
    '--help',
    '-n',
    '--output=x',
    'main:rules/a.yaml',
    ':/change',
    'main other',
    'ma\nin',
    'HEAD^{tree}x',
    '*',
  ])('refuses %j, which names no commit', async revision => {
    await expect(repository.commitOf(revision)).rejects.toThrow(
      new GitError(`git knows no revision '${revision}'.`),
    )
  })

  it('gives the files of a commit with their contents, links not', async () => {
    const commit = await repository.commitOf('v1')
    const files = await repository.filesAt(commit, 'rules')
    expect(files.map(({ path }) => path)).toEqual([
      'rules/a.yaml',
      'rules/deep/b.yaml',
      'rules/empty.yaml',
      'rules/with blank[1].yaml',
    ])
    const contents = await repository.contents(files)
    expect(contents.map(each => each.toString('utf8'))).toEqual(['two', 'bé\n', '', 'star'])
    const [old] = await repository.contents(await repository.filesAt(first, 'rules/a.yaml'))
    expect(old?.toString()).toBe('one')
    expect(await repository.filesAt(first, 'rules/*.yaml')).toEqual([])
    expect(await repository.filesAt(first, '--help')).toEqual([])
    expect((await repository.filesAt(first, '')).length).toBe(5)
  })

  it('tells what changed since the common ancestor, untracked files included, ignored not', async () => {
    const own = new GitFolder()
    own.commit({ 'a.yaml': '1', 'b.yaml': '1', 'c.yaml': '1', '.gitignore': 'ignored\n' })
    own.git('checkout', '--quiet', '-b', 'work')
    own.commit({ 'b.yaml': '2' })
    own.git('checkout', '--quiet', 'main')
    // What others did meanwhile is no change of this work.
    own.commit({ 'c.yaml': '2' })
    own.git('checkout', '--quiet', 'work')
    own.write({ 'a.yaml': 'uncommitted', 'new ü.yaml': 'untracked', ignored: 'x' })
    const repository = await GitRepository.of(own.path)
    const base = await repository.mergeBase('main', 'HEAD')
    expect([...(await repository.changedSince(base))].sort()).toEqual([
      'a.yaml',
      'b.yaml',
      'new ü.yaml',
    ])
    own.git('checkout', '--quiet', '--orphan', 'apart')
    own.commit()
    await expect(repository.mergeBase('main', 'HEAD')).rejects.toThrow(/have no common ancestor/)
    own.remove()
  })

  it('is the one of the path, also within a hook of another', async () => {
    vi.stubEnv('GIT_DIR', '.git')
    vi.stubEnv('GIT_INDEX_FILE', 'elsewhere/index')
    const inside = await GitRepository.of(join(folder.path, 'rules'))
    expect(await inside.commitOf('HEAD~1')).toBe(first)
    expect([...(await inside.changedSince(first))]).toEqual(['rules/a.yaml', 'rules/link.yaml'])
  })

  it('asks for no program that the repository names', async () => {
    const own = new GitFolder()
    own.commit({ 'a.yaml': '1' })
    // Each would leave a file behind.
    own.git('config', 'core.fsmonitor', 'touch fsmonitor-ran; false')
    own.git('config', 'diff.external', 'touch diff-ran; false')
    own.write({ 'a.yaml': '2' })
    const repository = await GitRepository.of(own.path)
    const changed = await repository.changedSince(await repository.commitOf('HEAD'))
    expect([...changed]).toEqual(['a.yaml'])
    own.remove()
  })
})
