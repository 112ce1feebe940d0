import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import type { EventName, EventPayload, LabClient, RequestInput, RequestName } from '#contract/ipc.ts'
import { channels } from '../main/channels.ts'

type Listener = (payload: never) => void

const listeners = new Map<string, Set<Listener>>()

ipcRenderer.on(channels.event, (_event: IpcRendererEvent, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload as never)
})

const lab: LabClient = {
  shell: 'electron',
  request: <N extends RequestName>(name: N, input: RequestInput<N>) =>
    ipcRenderer.invoke(channels.request, name, input),
  on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) => {
    const set = listeners.get(name) ?? new Set<Listener>()
    listeners.set(name, set)
    // A listener registered twice is called twice, and each registration ends on its own.
    const own: Listener = (payload) => listener(payload)
    set.add(own)
    return () => void set.delete(own)
  },
}

contextBridge.exposeInMainWorld('lab', lab)
