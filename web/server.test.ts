import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { LabPort } from '#contract/serve.ts'
import { maxMessageBytes } from './lab-socket.ts'
import { serveLab, type WebServer } from './server.ts'

/** A lab that answers every request with its own name, and lets a test raise events. */
function echoLab() {
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const lab = {
    request: async (name: string, input: unknown) => ({ ok: true, value: { name, input } }),
    on: (name: string, listener: (payload: unknown) => void) => {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => set.delete(listener)
    },
    close: async () => {},
  } as unknown as LabPort
  return { lab, raise: (name: string, payload: unknown) => listeners.get(name)?.forEach((l) => void l(payload)) }
}

let root: string
let server: WebServer
let raise: (name: string, payload: unknown) => void
const token = () => new URL(server.link).hash.slice('#token='.length)
const origin = () => `http://127.0.0.1:${server.port}`

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'klab-web-'))
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>lab</title>')
  const echo = echoLab()
  raise = echo.raise
  server = await serveLab({ lab: echo.lab, root })
})
afterEach(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

interface Ask {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

const ask = ({ path, method = 'GET', headers = {}, body }: Ask) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })

async function logIn(): Promise<string> {
  const answer = await ask({
    path: '/session',
    method: 'POST',
    headers: { origin: origin() },
    body: JSON.stringify({ token: token() }),
  })
  expect(answer.status).toBe(204)
  return String((answer.headers['set-cookie'] as string[])[0]).split(';')[0]!
}

async function open(headers: Record<string, string>): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { headers })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return socket
}

const next = (socket: WebSocket) =>
  new Promise<Record<string, unknown>>((resolve) => socket.once('message', (d) => resolve(JSON.parse(String(d)))))

describe('static files', () => {
  it('serves the page with a content security policy that allows no eval', async () => {
    const page = await ask({ path: '/' })
    expect(page.status).toBe(200)
    expect(page.text).toContain('lab')
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.headers['x-content-type-options']).toBe('nosniff')
  })

  it.each(['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/%00', '/%', '/nope.js', '/assets/'])(
    'does not leave its folder for %s',
    async (path) => expect((await ask({ path })).status).toBe(404),
  )

  it('does not follow a link out of its folder', async () => {
    symlinkSync('/etc/hostname', join(root, 'host.txt'))
    expect((await ask({ path: '/host.txt' })).status).toBe(404)
  })

  it('refuses a foreign Host, as after DNS rebinding', async () => {
    expect((await ask({ path: '/', headers: { host: `lab.example:${server.port}` } })).status).toBe(403)
  })

  it('answers a forwarded port, whose Host has another number', async () => {
    expect((await ask({ path: '/', headers: { host: 'localhost:9000' } })).status).toBe(200)
  })

  it('refuses to be written to', async () => {
    expect((await ask({ path: '/index.html', method: 'PUT' })).status).toBe(405)
  })
})

describe('session', () => {
  it('gives a strict, http-only cookie for the token', async () => {
    const answer = await ask({
      path: '/session',
      method: 'POST',
      headers: { origin: origin() },
      body: JSON.stringify({ token: token() }),
    })
    expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/)
  })

  it.each([['{"token":"wrong"}'], ['{"token":7}'], ['{}'], ['['], [''], ['null'], ['x'.repeat(10_000)]])(
    'refuses the body %#',
    async (body) => {
      const answer = await ask({ path: '/session', method: 'POST', headers: { origin: origin() }, body })
      expect(answer.status).toBe(401)
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  it('refuses another origin, token or not', async () => {
    const body = JSON.stringify({ token: token() })
    const headers = { origin: 'http://evil.example' }
    expect((await ask({ path: '/session', method: 'POST', headers, body })).status).toBe(403)
  })
})

describe('socket', () => {
  it('needs the cookie and the own origin', async () => {
    const cookie = await logIn()
    await expect(open({ origin: origin() })).rejects.toThrow('401')
    await expect(open({ origin: origin(), cookie: `${cookie}x` })).rejects.toThrow('401')
    await expect(open({ cookie })).rejects.toThrow('403')
    await expect(open({ cookie, origin: 'http://evil.example' })).rejects.toThrow('403')
  })

  it('answers a request by its id, and refuses an unknown name', async () => {
    const socket = await open({ origin: origin(), cookie: await logIn() })
    socket.send(JSON.stringify({ id: 1, name: 'rows.list', input: { limit: 5 } }))
    expect(await next(socket)).toEqual({
      id: 1,
      result: { ok: true, value: { name: 'rows.list', input: { limit: 5 } } },
    })
    socket.send(JSON.stringify({ id: 'b', name: 'eval', input: {} }))
    expect(await next(socket)).toMatchObject({ id: 'b', result: { ok: false, error: { kind: 'invalid' } } })
    socket.close()
  })

  it.each(['{', '[]', '7', 'null', '{"id":{},"name":"rows.list"}'])(
    'answers the broken message %s with an error and lives',
    async (text) => {
      const socket = await open({ origin: origin(), cookie: await logIn() })
      socket.send(text)
      expect(await next(socket)).toMatchObject({ id: null, result: { ok: false } })
      socket.send(JSON.stringify({ id: 2, name: 'catalog.get', input: {} }))
      expect(await next(socket)).toMatchObject({ id: 2, result: { ok: true } })
      socket.close()
    },
  )

  it('closes on an oversize message and goes on serving others', async () => {
    const cookie = await logIn()
    const big = await open({ origin: origin(), cookie })
    const closed = new Promise<number>((resolve) => big.once('close', resolve))
    big.on('error', () => {})
    big.send(`{"id":1,"name":"rows.list","input":"${'x'.repeat(maxMessageBytes)}"}`)
    expect(await closed).toBe(1009)
    const other = await open({ origin: origin(), cookie })
    other.send(JSON.stringify({ id: 3, name: 'catalog.get', input: {} }))
    expect(await next(other)).toMatchObject({ id: 3, result: { ok: true } })
    other.close()
  })

  it('passes events to every page, and the state of the host to a late one', async () => {
    const cookie = await logIn()
    const first = await open({ origin: origin(), cookie })
    const heard = next(first)
    raise('host.state', { state: 'ready', restarts: 0 })
    expect(await heard).toEqual({ event: 'host.state', payload: { state: 'ready', restarts: 0 } })
    const late = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, { headers: { origin: origin(), cookie } })
    expect(await next(late)).toEqual({ event: 'host.state', payload: { state: 'ready', restarts: 0 } })
    first.close()
    late.close()
  })

  it('survives bytes that are not HTTP', async () => {
    const raw = connect(server.port, '127.0.0.1')
    raw.on('error', () => {})
    raw.resume()
    raw.write('\x16\x03\x01\x00garbage\r\n\r\n')
    await new Promise((resolve) => raw.once('close', resolve))
    expect((await ask({ path: '/' })).status).toBe(200)
  })
})
