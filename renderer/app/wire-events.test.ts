import { beforeEach, expect, it, vi } from 'vitest'
import { setLab } from '../client/lab.ts'
import { loadDevicesAndRows, loadWorkspace } from '../commands/load-workspace.ts'
import { openDocument } from '../commands/open-document.ts'
import { FakeLab } from '../dev/fake-lab.ts'
import { TextEditor } from '../dev/text-editor.ts'
import { setEditorPort } from '../editor/editor-port.ts'
import { useLab } from '../state/store.ts'
import { wireEvents } from './wire-events.ts'

let lab: FakeLab
let editor: TextEditor

beforeEach(async () => {
  useLab.setState(useLab.getInitialState(), true)
  lab = new FakeLab({ stepMs: 0 })
  setLab(lab)
  editor = new TextEditor()
  setEditorPort(editor)
  wireEvents(lab)
  await Promise.all([loadWorkspace(), loadDevicesAndRows()])
  await openDocument('m1')
})

it('asks a new host for the tree, and follows what changed while there was none', async () => {
  const asked = vi.spyOn(lab, 'request')
  lab.emit('host.state', { state: 'restarting', restarts: 1 })
  lab.texts.set('m1', 'changed meanwhile')
  lab.emit('host.state', { state: 'ready', restarts: 1 })
  await vi.waitFor(() => expect(editor.text('m1')).toBe('changed meanwhile'))
  // Only a host that was asked for the tree tells of changes on disk.
  expect(asked).toHaveBeenCalledWith('workspace.open', {})
})

it('follows a file that comes back', async () => {
  const disk = lab.texts.get('m1') ?? ''
  lab.texts.delete('m1')
  lab.emit('workspace.changed', { documentIds: [] })
  await vi.waitFor(() => expect(useLab.getState().open[0]?.isMissing).toBe(true))
  lab.texts.set('m1', `${disk}// back`)
  lab.emit('workspace.changed', { documentIds: [] })
  await vi.waitFor(() => expect(editor.text('m1')).toBe(`${disk}// back`))
  expect(useLab.getState().open[0]?.isMissing).toBe(false)
})
