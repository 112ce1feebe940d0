import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BackupStore } from '../store/backup-store.ts'
import { Workspace } from './workspace.ts'
import { expectValue, makeFolder, openFixture, putFile } from './workspace-fixture.ts'

const csv = 'op,batch,m,n,k,tA,tB,count\nmatmul,1,1,8,8,0,1,3\n'

describe('the tree', () => {
  it('finds a foreign folder as it is', () => {
    const workspace = openFixture({
      'src/deep/a.metal': 'kernel void a() {}',
      'src/deep/a.launch.json': '{}',
      'src/inc/common.h': '',
      'conf/old/variants_enhanced.json': '{}',
      'conf/variants_enhanced.json': '{}',
      'conf/notes.md': 'beside a manifest',
      'conf/evidence/mlx/v.json': '{}',
      'logs/run1': 'op=matmul | batch=1 | m=1 | n=8 | k=8 | tA=0 | tB=1:\n',
      'logs/shapes.csv': csv,
      'logs/timings.csv': csv.replace('count', 'variant'),
      'readme.md': 'not beside anything',
      'node_modules/x/b.metal': '',
      '.git/c.metal': '',
    })
    const tree = workspace.tree()
    expect(tree.nodes.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'conf folder',
      'conf/evidence folder',
      'conf/evidence/mlx folder',
      'conf/evidence/mlx/v.json evidence',
      'conf/notes.md other',
      'conf/old folder',
      'conf/old/variants_enhanced.json manifest',
      'conf/variants_enhanced.json manifest',
      'logs folder',
      'logs/run1 shapes',
      'logs/shapes.csv shapes',
      'logs/timings.csv other',
      'src folder',
      'src/deep folder',
      'src/deep/a.launch.json launch',
      'src/deep/a.metal metal',
      'src/inc folder',
      'src/inc/common.h header',
    ])
    expect(workspace.manifestPath).toBe(join(workspace.root, 'conf/variants_enhanced.json'))
    const byId = new Map(tree.nodes.map((node) => [node.id, node]))
    const parents = tree.nodes.map(({ path, parentId }) => [path, parentId && byId.get(parentId)?.path])
    expect(parents.find(([path]) => path === 'src/deep/a.metal')).toEqual(['src/deep/a.metal', 'src/deep'])
  })

  it('looks into kernels and manifests only, where a folder has both', () => {
    const workspace = openFixture({
      'kernels/a.metal': '',
      'manifests/variants_enhanced.json': '{}',
      'native/x.h': '',
      'other/b.metal': '',
    })
    expect(workspace.tree().nodes.map(({ path }) => path)).toEqual([
      'kernels',
      'kernels/a.metal',
      'manifests',
      'manifests/variants_enhanced.json',
    ])
  })

  it('does not follow links out of the root, nor in circles', () => {
    const outside = makeFolder({ 'secret.metal': 'kernel void secret() {}' })
    const workspace = openFixture({ 'in/a.metal': '' })
    symlinkSync(join(outside, 'secret.metal'), join(workspace.root, 'in/link.metal'))
    symlinkSync(outside, join(workspace.root, 'in/out'))
    symlinkSync(workspace.root, join(workspace.root, 'in/circle'))
    expect(workspace.tree().nodes.map(({ path }) => path)).toEqual(['in', 'in/a.metal'])
  })

  it('opens only folders', () => {
    const folder = makeFolder({ 'a.metal': '' })
    expect(Workspace.open(join(folder, 'a.metal'))).toMatchObject({ ok: false, error: { kind: 'not-found' } })
    expect(Workspace.open(join(folder, 'none'))).toMatchObject({ ok: false, error: { kind: 'not-found' } })
  })
})

describe('documents', () => {
  const openOne = (content: string | Uint8Array) => {
    const workspace = openFixture({ 'a.metal': content })
    return { workspace, id: workspace.idOf('a.metal'), path: join(workspace.root, 'a.metal') }
  }

  it('saves atomically, keeping mode, and leaves no other file', () => {
    const { workspace, id, path } = openOne('old')
    chmodSync(path, 0o600)
    const { hash } = expectValue(workspace.read(id))
    const saved = expectValue(workspace.save(id, { text: 'new', baseHash: hash }))
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(workspace.root)]).toEqual([
      'new',
      0o600,
      ['a.metal'],
    ])
    expect(expectValue(workspace.read(id)).hash).toBe(saved.hash)
  })

  it('refuses to overwrite what somebody else wrote, unless it is the same text', () => {
    const { workspace, id, path } = openOne('old')
    const { hash } = expectValue(workspace.read(id))
    writeFileSync(path, 'theirs')
    expect(workspace.save(id, { text: 'mine', baseHash: hash })).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    expect(workspace.save(id, { text: 'theirs', baseHash: hash }).ok).toBe(true)
  })

  it('keeps a byte order mark and CRLF', () => {
    const { workspace, id, path } = openOne('\uFEFFa\r\nb\r\n')
    const { text, hash } = expectValue(workspace.read(id))
    expect(text).toBe('a\r\nb\r\n')
    expectValue(workspace.save(id, { text: 'a\r\nc\r\n', baseHash: hash }))
    expect(readFileSync(path, 'utf8')).toBe('\uFEFFa\r\nc\r\n')
  })

  it('writes through a link that stays inside, and refuses one that came to lead out', () => {
    const { workspace, path } = openOne('target')
    symlinkSync(path, join(workspace.root, 'b.metal'))
    workspace.rescan()
    const id = workspace.idOf('b.metal')
    expectValue(workspace.save(id, { text: 'through', baseHash: expectValue(workspace.read(id)).hash }))
    expect(readFileSync(path, 'utf8')).toBe('through')
    const outside = makeFolder({ 'c.metal': 'outside' })
    symlinkSync(join(outside, 'c.metal'), join(workspace.root, 'c.metal'))
    expect(workspace.read(workspace.idOf('c.metal')).ok).toBe(false)
  })

  it.each(['../a.metal', '..', 'f0', '', '/etc/passwd'])('knows no document %j', (id) => {
    const { workspace } = openOne('')
    expect(workspace.read(id)).toMatchObject({ ok: false, error: { kind: 'not-found' } })
  })

  it('refuses what an editor would damage or choke on', () => {
    const latin = openOne(new Uint8Array([0x2f, 0x2f, 0xe9, 0x0a]))
    expect(latin.workspace.read(latin.id)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('not UTF-8') },
    })
    const large = openOne('x'.repeat(4 * 2 ** 20 + 1))
    expect(large.workspace.read(large.id)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('4.0 MiB') },
    })
  })

  it('creates files, but not over others nor elsewhere', () => {
    const { workspace } = openOne('mine')
    const { id } = expectValue(workspace.create(null, 'b.metal'))
    expect(expectValue(workspace.read(id))).toMatchObject({ name: 'b.metal', text: '' })
    for (const name of ['a.metal', '../x.metal', 'x/y.metal', '..', '.hidden', '', 'a\nb', 'x'.repeat(300)]) {
      expect({ name, result: workspace.create(null, name) }).toMatchObject({
        result: { ok: false, error: { kind: 'invalid' } },
      })
    }
    expect(readFileSync(join(workspace.root, 'a.metal'), 'utf8')).toBe('mine')
  })

  it('keeps showing a new file of no known kind', () => {
    const { workspace } = openOne('')
    const { id } = expectValue(workspace.create(null, 'plan.org'))
    expect(workspace.tree().nodes.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'a.metal metal',
      'plan.org other',
    ])
    expect(workspace.read(id).ok).toBe(true)
    rmSync(join(workspace.root, 'plan.org'))
    expect(workspace.tree().nodes.map(({ path }) => path)).toEqual(['a.metal'])
  })

  it('shows unsaved text of an earlier session while the disk holds another', async () => {
    const { workspace, id } = openOne('disk')
    const backups = new BackupStore(workspace.stateFolder)
    const { hash } = expectValue(workspace.read(id))
    expectValue(await backups.write(id, { text: 'unsaved', baseHash: hash }))
    const next = expectValue(Workspace.open(workspace.root))
    expect(expectValue(next.read(id)).backup).toEqual({ text: 'unsaved', baseHash: hash })
    expect(readdirSync(workspace.root)).toEqual(['a.metal'])
    expectValue(next.save(id, { text: 'unsaved', baseHash: hash }))
    expect(expectValue(next.read(id)).backup).toBeUndefined()
  })
})

describe('include roots', () => {
  it('are the folders with sources, the root first', () => {
    const workspace = openFixture({ 'k/a.metal': '', 'inc/b.h': '' })
    mkdirSync(join(workspace.root, 'empty'))
    expect(workspace.includeRoots.map((path) => workspace.relativePath(path))).toEqual(['', 'inc', 'k'])
    expect(dirname(putFile(workspace.root, 'k/c.metal', ''))).toBe(workspace.includeRoots[2])
  })
})
