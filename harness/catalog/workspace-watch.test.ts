import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expectValue, openFixture, putFile } from './workspace-fixture.ts'
import { type WorkspaceChange, WorkspaceWatch } from './workspace-watch.ts'

const watches: WorkspaceWatch[] = []

afterEach(() => {
  for (const watch of watches.splice(0)) watch.close()
})

function watchOne(isPollingOnly: boolean) {
  const workspace = openFixture({ 'src/a.metal': 'one', 'src/b.metal': 'one', 'variants_enhanced.json': '{}' })
  const changes: WorkspaceChange[] = []
  const knownHashes = new Map<string, string>()
  const watch = new WorkspaceWatch(workspace, (change) => changes.push(change), {
    settleMs: 10,
    pollMs: 20,
    isPollingOnly,
    knownHashes,
  })
  watches.push(watch)
  const reported = () => new Set(changes.flatMap(({ documentIds }) => documentIds))
  return { workspace, watch, changes, reported, knownHashes }
}

describe.each([false, true])('a watch (polling only: %s)', (isPollingOnly) => {
  it('reports a document that somebody else wrote', async () => {
    const { workspace, changes, reported } = watchOne(isPollingOnly)
    putFile(workspace.root, 'src/a.metal', 'two!')
    await vi.waitFor(() => expect(reported()).toEqual(new Set([workspace.idOf('src/a.metal')])), 5000)
    expect(changes.at(-1)).toMatchObject({ isTreeChanged: false, isCatalogChanged: true })
  })

  it('does not report what the lab itself saved', async () => {
    const { workspace, knownHashes, reported } = watchOne(isPollingOnly)
    const id = workspace.idOf('src/a.metal')
    const { hash } = expectValue(workspace.save(id, { text: 'mine', baseHash: expectValue(workspace.read(id)).hash }))
    knownHashes.set(id, hash)
    putFile(workspace.root, 'src/b.metal', 'theirs')
    await vi.waitFor(() => expect(reported()).toEqual(new Set([workspace.idOf('src/b.metal')])), 5000)
  })

  it('reports files that come and go, also in new folders', async () => {
    const { workspace, changes, reported } = watchOne(isPollingOnly)
    mkdirSync(join(workspace.root, 'late'))
    putFile(workspace.root, 'late/c.metal', 'new')
    await vi.waitFor(() => expect(changes.some(({ isTreeChanged }) => isTreeChanged)).toBe(true), 5000)
    await vi.waitFor(() => expect(workspace.scan.entries.some(({ path }) => path === 'late/c.metal')).toBe(true), 5000)
    putFile(workspace.root, 'late/c.metal', 'newer')
    await vi.waitFor(() => expect(reported()).toContain(workspace.idOf('late/c.metal')), 5000)
    changes.length = 0
    rmSync(join(workspace.root, 'src/a.metal'))
    await vi.waitFor(
      () => expect(changes).toEqual([{ documentIds: [], isTreeChanged: true, isCatalogChanged: true }]),
      5000,
    )
  })

  it('says nothing after it was closed', async () => {
    const { workspace, watch, changes } = watchOne(isPollingOnly)
    watch.close()
    putFile(workspace.root, 'src/a.metal', 'two!')
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(changes).toEqual([])
  })
})
