import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { LabPort } from '#contract/serve.ts'
import { createLabSockets, maxMessageBytes } from './lab-socket.ts'
import { isLoopbackHost, isOwnOrigin } from './origin.ts'
import { createSession, type Session } from './session.ts'
import { securityHeaders, serveStatic } from './static-files.ts'

const maxSessionBytes = 4096

/** How long the last requests of closing pages may still take, ms. */
const saveGraceMs = 3000

/** Where the lab is served, and how to stop. */
export interface WebServer {
  port: number
  /** The link to open, token included. */
  link: string
  /** Waits for requests under way, then closes the port and every page's socket; the lab itself stays the caller's. */
  close(): Promise<void>
}

interface ServeOptions {
  lab: LabPort
  /** Folder of the built renderer. */
  root: string
  /** 0 (the default) takes a free one. */
  port?: number
}

/** Serves a lab on 127.0.0.1. Rejects only when the port cannot be had. */
export async function serveLab({ lab, root, port = 0 }: ServeOptions): Promise<WebServer> {
  const session = createSession()
  const sockets = createLabSockets(lab)
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false })
  const server = createServer((request, response) => {
    route({ session, root }, request, response).catch(() => response.destroy())
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refused = refuseUpgrade(session, request)
    if (refused !== null) {
      socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => sockets.add(webSocket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    link: `http://127.0.0.1:${address.port}/#token=${session.token}`,
    close: async () => {
      await Promise.race([sockets.settled(), new Promise((done) => setTimeout(done, saveGraceMs))])
      sockets.close()
      webSockets.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function refuseUpgrade(session: Session, request: IncomingMessage): string | null {
  if (request.url !== '/ws') return '404 Not Found'
  if (!isLoopbackHost(request) || !isOwnOrigin(request)) return '403 Forbidden'
  return session.admits(request.headers.cookie) ? null : '401 Unauthorized'
}

interface Site {
  session: Session
  root: string
}

async function route({ session, root }: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' }).end(`${text}\n`)
  }
  if (!isLoopbackHost(request)) return refuse(403, 'The lab answers only to 127.0.0.1 and localhost.')
  if (request.url === '/session' && request.method === 'POST') {
    if (!isOwnOrigin(request)) return refuse(403, 'Only the page of this lab may open a session.')
    return openSession(session, request, response)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Only GET is served here.')
  await serveStatic(root, request, response)
}

async function openSession(session: Session, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const cookie = body === null ? null : session.redeem(tokenIn(body))
  if (cookie === null) {
    response.writeHead(401, { 'Content-Type': 'text/plain' }).end('The link is not of this run of the lab.\n')
    return
  }
  response.writeHead(204, { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end()
}

function tokenIn(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null && 'token' in parsed ? parsed.token : null
  } catch {
    return null
  }
}

/** The body as text, or null when it is longer than a token could be. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxSessionBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
