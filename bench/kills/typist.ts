import { appendFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { setLab } from '#renderer/client/lab.ts'
import { openWebSocketLab } from '#renderer/client/web-socket-lab.ts'
import { backupSoon } from '#renderer/commands/backup-document.ts'
import { loadWorkspace } from '#renderer/commands/load-workspace.ts'
import { openDocument } from '#renderer/commands/open-document.ts'
import { saveDocument } from '#renderer/commands/save-document.ts'
import { TextEditor } from '#renderer/dev/text-editor.ts'
import { setEditorPort } from '#renderer/editor/editor-port.ts'
import { useLab } from '#renderer/state/store.ts'
import { seeded } from './seeded.ts'
import { keystroke, keystrokesIn } from './typing.ts'

/**
 * The window's own code with a person at the keys, without a window: `typist.ts LINK LOG SEED`. Types until it is killed,
 * and notes each keystroke with its
 * time, and how many of them it was told are kept.
 */
const [link = '', log = '', seed = '1'] = process.argv.slice(2)
const random = seeded(Number(seed))
const url = new URL(link)
let cookie = ''

const client = await openWebSocketLab({
  location: { origin: url.origin, host: url.host, protocol: url.protocol, hash: url.hash, pathname: '/', search: '' },
  history: { replaceState: () => {} },
  fetch: async (path, init) => {
    const answer = await fetch(new URL(String(path), url.origin), {
      ...init,
      headers: { 'content-type': 'application/json', origin: url.origin },
    })
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return answer
  },
  createSocket: (address) => {
    const socket = new WebSocket(address, { headers: { cookie, origin: url.origin } })
    socket.on('error', () => {})
    return socket as never
  },
})
setLab({
  ...client,
  request: async (name, input) => {
    const answer = await client.request(name, input)
    const text = (input as { text?: string | null }).text
    const isKept = answer.ok && (name === 'document.backup' || name === 'document.save')
    if (isKept && typeof text === 'string') appendFileSync(log, `kept ${keystrokesIn(text)}\n`)
    return answer
  },
})
const editor = new TextEditor()
setEditorPort(editor)
await loadWorkspace()
const { id } = useLab.getState().workspace!.nodes.find((node) => node.name === 'typed.metal')!
await openDocument(id)

let text = editor.text(id)!
for (let index = 0; ; index++) {
  text += keystroke(index)
  appendFileSync(log, `typed ${Date.now()}\n`)
  editor.type(id, text)
  backupSoon(id)
  if (random() < 0.03) void saveDocument(id)
  await new Promise((done) => setTimeout(done, random() < 0.02 ? 700 : 5 + random() * 60))
}
