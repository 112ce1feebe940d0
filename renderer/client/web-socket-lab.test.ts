import { describe, expect, it, vi } from 'vitest'
import { openWebSocketLab } from './web-socket-lab.ts'

class FakeSocket {
  readyState = 0
  sent: string[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  send(data: string) {
    this.sent.push(data)
  }
  close() {}
  open() {
    this.readyState = 1
    this.onopen?.()
  }
  receive(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) })
  }
  drop() {
    this.readyState = 3
    this.onclose?.()
  }
}

async function connect(hash = '', retryDelaysMs: number[] = []) {
  const sockets: FakeSocket[] = []
  const fetch = vi.fn(async () => new Response())
  const history = { replaceState: vi.fn() }
  const location = {
    origin: 'http://127.0.0.1:1',
    host: '127.0.0.1:1',
    protocol: 'http:',
    hash,
    pathname: '/',
    search: '',
  }
  const createSocket = () => {
    const socket = new FakeSocket()
    sockets.push(socket)
    return socket
  }
  const lab = await openWebSocketLab({
    location,
    createSocket,
    fetch: fetch as unknown as typeof globalThis.fetch,
    history,
    retryDelaysMs,
  })
  const first = sockets[0]
  if (!first) throw new Error('no socket was opened')
  return { lab, sockets, first, fetch, history }
}

describe('the lab over a WebSocket', () => {
  it('sends what was asked before the connection opened, and settles by id', async () => {
    const { lab, first } = await connect()
    const devices = lab.request('devices.list', {})
    const catalog = lab.request('catalog.get', {})
    expect(first.sent).toEqual([])
    first.open()
    expect(first.sent.map((text) => JSON.parse(text))).toEqual([
      { id: 1, name: 'devices.list', input: {} },
      { id: 2, name: 'catalog.get', input: {} },
    ])
    first.receive({ id: 2, result: { ok: true, value: 'catalog' } })
    first.receive({ id: 1, result: { ok: true, value: 'devices' } })
    expect(await catalog).toEqual({ ok: true, value: 'catalog' })
    expect(await devices).toEqual({ ok: true, value: 'devices' })
  })

  it('passes events on until the listener leaves, and ignores unknown ones', async () => {
    const { lab, first } = await connect()
    const heard: unknown[] = []
    const stop = lab.on('catalog.changed', (payload) => heard.push(payload))
    first.open()
    first.receive({ event: 'catalog.changed', payload: {} })
    first.receive({ event: 'nonsense', payload: {} })
    first.onmessage?.({ data: 'not json' })
    stop()
    first.receive({ event: 'catalog.changed', payload: {} })
    expect(heard).toEqual([{}])
  })

  it('exchanges the token of the fragment for a session and removes it', async () => {
    const { fetch, history } = await connect('#token=abc')
    expect(fetch).toHaveBeenCalledWith('/session', expect.objectContaining({ method: 'POST', body: '{"token":"abc"}' }))
    expect(history.replaceState).toHaveBeenCalledWith(null, '', '/')
  })

  it('asks for no session without a token', async () => {
    const { fetch } = await connect()
    expect(fetch).not.toHaveBeenCalled()
  })

  it('fails what was open when the connection drops, tries again, and says when it gives up', async () => {
    const { lab, first, sockets } = await connect('', [0])
    const states: string[] = []
    lab.on('host.state', ({ state }) => states.push(state))
    first.open()
    const asked = lab.request('devices.list', {})
    first.drop()
    expect(await asked).toMatchObject({ ok: false, error: { kind: 'internal' } })
    await vi.waitFor(() => expect(sockets).toHaveLength(2))
    sockets[1]?.drop()
    expect(states).toEqual(['restarting', 'failed'])
  })

  it('tries once more when something is asked after it gave up', async () => {
    const { lab, first, sockets } = await connect()
    first.drop()
    const asked = lab.request('host.restart', {})
    expect(sockets).toHaveLength(2)
    sockets[1]?.open()
    sockets[1]?.receive({ id: 1, result: { ok: true, value: {} } })
    expect(await asked).toEqual({ ok: true, value: {} })
  })
})
