import type { IncomingMessage } from 'node:http'

const loopback = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/

/**
 * Whether a request was aimed at this machine by name: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is
 * refused. Any port is right, because a forwarded port keeps its own number in Host.
 */
export function isLoopbackHost(request: IncomingMessage): boolean {
  return loopback.test(request.headers.host ?? '')
}

/** Whether the page that asks was served by the server it asks. Browsers send Origin with POST and WebSocket. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`
}
