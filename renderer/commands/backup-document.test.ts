import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fail, ok } from '#contract/error.ts'
import type { LabClient } from '#contract/ipc.ts'
import { setLab } from '../client/lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { backupAll, backupSoon } from './backup-document.ts'

const id = 'a'
let editor: TextEditor
let kept: { at: number; text: string | null }[]
let isRefusing: boolean

beforeEach(() => {
  vi.useFakeTimers()
  useLab.setState(useLab.getInitialState(), true)
  kept = []
  isRefusing = false
  setLab({
    shell: 'browser',
    on: () => () => {},
    request: async (_name: string, input: { text: string | null }) => {
      if (isRefusing) return fail({ kind: 'internal', message: 'the connection is lost' })
      kept.push({ at: performance.now(), text: input.text })
      return ok({})
    },
  } as unknown as LabClient)
  editor = new TextEditor()
  setEditorPort(editor)
  editor.open({ id, name: 'a.metal', text: '' })
  const document = { id, name: 'a.metal', path: 'a.metal', kind: 'metal' as const, baseHash: 'h' }
  useLab.getState().addDocument({ ...document, isDirty: true, isConflicted: false, isBaseLost: false })
})
afterEach(() => {
  vi.clearAllTimers()
  vi.useRealTimers()
})

async function type(text: string, everyMs: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 1; i <= text.length; i++) {
    editor.type(id, text.slice(0, i))
    backupSoon(id)
    times.push(performance.now())
    await vi.advanceTimersByTimeAsync(everyMs)
  }
  return times
}

it('keeps each keystroke within half a second, however long the typing goes on', async () => {
  const text = 'x'.repeat(100)
  const typed = await type(text, 50)
  await vi.advanceTimersByTimeAsync(500)
  typed.forEach((at, index) => {
    const first = kept.find((one) => (one.text?.length ?? 0) > index)
    expect(first && first.at - at).toBeLessThanOrEqual(500)
  })
  expect(kept.at(-1)?.text).toBe(text)
  expect(kept.length).toBeLessThan(20)
})

it('asks once for a burst that ends', async () => {
  await type('abc', 20)
  await vi.advanceTimersByTimeAsync(2000)
  expect(kept.map(({ text }) => text)).toEqual(['abc'])
})

it('goes on trying while nobody keeps it, without another keystroke', async () => {
  isRefusing = true
  await type('abc', 20)
  await vi.advanceTimersByTimeAsync(5000)
  isRefusing = false
  await vi.advanceTimersByTimeAsync(10_000)
  expect(kept.map(({ text }) => text)).toEqual(['abc'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(kept).toHaveLength(1)
})

it('keeps what is due at once when the window closes', async () => {
  await type('a', 1)
  await backupAll()
  expect(kept.map(({ text }) => text)).toEqual(['a'])
})
