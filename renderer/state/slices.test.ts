import { beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '#contract/manifest.ts'
import { fakeDevices } from '../dev/fake-results.ts'
import { preferredDevice } from './device-slice.ts'
import type { OpenDocument } from './documents-slice.ts'
import { mergeProblems } from './kernels-slice.ts'
import { keepLayout, restoreLayout } from './persist-layout.ts'
import { useLab } from './store.ts'

const initial = useLab.getInitialState()
const state = () => useLab.getState()
const document = (id: string): OpenDocument => ({
  id,
  name: `${id}.metal`,
  path: `kernels/${id}.metal`,
  kind: 'metal',
  baseHash: 'h',
  isDirty: false,
  isConflicted: false,
})

function memoryStorage(): Storage {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage
}

beforeEach(() => useLab.setState(initial, true))

describe('documents slice', () => {
  it('brings the neighbour to the front when the front tab closes', () => {
    for (const id of ['a', 'b', 'c']) state().addDocument(document(id))
    state().activateDocument('b')
    state().removeDocument('b')
    expect(state().activeId).toBe('c')
    state().removeDocument('c')
    expect(state().activeId).toBe('a')
    state().removeDocument('a')
    expect(state().activeId).toBeNull()
  })

  it('opens a document once', () => {
    state().addDocument(document('a'))
    state().addDocument(document('a'))
    expect(state().open).toHaveLength(1)
  })

  it('keeps the entries of the last good compile when a compile has none to give', () => {
    const entry = { name: 'k', function: 'k', file: 'a', line: 1, maxTotalThreads: 1024, bindings: [], constants: [] }
    state().setCompiled('a', [], [entry])
    state().setCompiled('a', [{ file: 'a', line: 1, column: 1, severity: 'error', message: 'no' }], null)
    expect(state().entries.a).toEqual([entry])
    expect(state().diagnostics.a).toHaveLength(1)
  })
})

describe('device slice', () => {
  it('prefers a usable GPU over the CPU, and the CPU over one that cannot be used', () => {
    const [cpu, cuda] = fakeDevices
    if (!cpu || !cuda) throw new Error('fixture')
    expect(preferredDevice([cpu, cuda])?.id).toBe('cpu')
    expect(preferredDevice([cpu, { ...cuda, unavailable: undefined }])?.id).toBe('cuda')
    expect(preferredDevice([cuda])).toBeUndefined()
  })

  it('keeps the choice over a refresh, unless the device is gone', () => {
    const [cpu, cuda] = fakeDevices
    if (!cpu || !cuda) throw new Error('fixture')
    state().setDevices([cpu, { ...cuda, unavailable: undefined }])
    state().chooseDevice('cpu')
    state().setDevices([cpu, { ...cuda, unavailable: undefined }])
    expect(state().deviceId).toBe('cpu')
    state().setDevices([{ ...cuda, unavailable: undefined }])
    expect(state().deviceId).toBe('cuda')
  })
})

describe('mergeProblems', () => {
  it('names each finding once, errors first', () => {
    const warning: Problem = { rule: 'a', severity: 'warning', path: 'p', message: 'm' }
    const error: Problem = { rule: 'b', severity: 'error', path: 'p', message: 'm' }
    expect(mergeProblems([warning], [{ ...warning }, error])).toEqual([error, warning])
  })
})

describe('layout on disk', () => {
  it('comes back as it was left', () => {
    const storage = memoryStorage()
    const stop = keepLayout(storage)
    state().setSize('sidebar', 301.4)
    state().setLayout({ theme: 'light', tab: 'manifest' })
    state().addDocument(document('a'))
    state().activateDocument('a')
    stop()
    useLab.setState(initial, true)
    expect(restoreLayout(storage)).toEqual({ open: ['a'], activeId: 'a' })
    expect(state().sizes.sidebar).toBe(301)
    expect(state().theme).toBe('light')
    expect(state().tab).toBe('manifest')
  })

  it('starts afresh from nonsense', () => {
    const storage = memoryStorage()
    storage.setItem('kernel-lab.layout', '{"theme":7}')
    expect(restoreLayout(storage)).toEqual({ open: [], activeId: null })
    expect(state().theme).toBe('system')
  })
})

describe('crash of a kernel host', () => {
  const error = { kind: 'device-lost', message: 'kernel k crashed at a.metal:3', file: 'a.metal', line: 3 } as const

  it('stays known when the next host is ready, until it is dismissed', () => {
    state().setHost({ state: 'restarting', restarts: 1, reason: error.message, error })
    state().setHost({ state: 'ready', restarts: 1 })
    expect(state().crash).toEqual(error)
    state().dismissCrash()
    expect(state().crash).toBeNull()
  })

  it('is none when a run was cancelled, or the connection was lost', () => {
    state().setHost({ state: 'restarting', restarts: 1, error: { kind: 'cancelled', message: 'cancelled' } })
    state().setHost({ state: 'restarting', restarts: 1, reason: 'The connection to the lab server was lost.' })
    expect(state().crash).toBeNull()
  })
})
