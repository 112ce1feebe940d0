import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workspace } from '../catalog/workspace.ts'
import { type WorkspaceChange, WorkspaceWatch } from './workspace-watch.ts'

let folder: string
let workspace: Workspace
let watcher: WorkspaceWatch
let knownHashes: Map<string, string>
let changes: WorkspaceChange[]
let wake: () => void

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'klab-watch-'))
  mkdirSync(join(folder, 'inner'))
  for (const name of ['a', 'b']) writeFileSync(join(folder, 'inner', `${name}.metal`), 'kernel void k() {}')
  const opened = Workspace.open(folder)
  if (!opened.ok) throw new Error(opened.error.message)
  workspace = opened.value
  knownHashes = new Map()
  changes = []
  wake = () => {}
  watcher = new WorkspaceWatch(workspace, knownHashes, (change) => {
    changes.push(change)
    wake()
  })
})

afterEach(() => {
  watcher.close()
  rmSync(folder, { recursive: true, force: true })
})

async function nextChange(): Promise<WorkspaceChange | undefined> {
  if (changes.length === 0) await new Promise<void>((resolve) => (wake = resolve))
  return changes.shift()
}

const idOf = (name: string) => workspace.idOf(join(workspace.root, 'inner', name))

describe('WorkspaceWatch', () => {
  it('tells which document another program changed', async () => {
    writeFileSync(join(folder, 'inner', 'a.metal'), 'kernel void changed() {}')
    expect(await nextChange()).toEqual({ documentIds: [idOf('a.metal')], isTreeChanged: false })
  })

  it('says nothing of what the lab saved or of a file that was only touched', async () => {
    const document = workspace.read(idOf('a.metal'))
    if (!document.ok) throw new Error(document.error.message)
    knownHashes.set(idOf('a.metal'), document.value.hash)
    writeFileSync(join(folder, 'inner', 'a.metal'), document.value.text)
    const saved = workspace.save(idOf('b.metal'), { text: 'kernel void mine() {}', baseHash: document.value.hash })
    if (!saved.ok) throw new Error(saved.error.message)
    knownHashes.set(idOf('b.metal'), saved.value.hash)
    writeFileSync(join(folder, 'inner', 'c.metal'), 'kernel void c() {}')
    const change = await nextChange()
    expect(change?.isTreeChanged).toBe(true)
    expect(change?.documentIds.filter((id) => id !== idOf('c.metal'))).toEqual([])
  })

  it('sees a removed file as a change of the tree', async () => {
    rmSync(join(folder, 'inner', 'b.metal'))
    expect(await nextChange()).toEqual({ documentIds: [], isTreeChanged: true })
  })
})
