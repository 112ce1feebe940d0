import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Who may talk to one running server: the token of its link, and the cookie that the token is traded for. */
export interface Session {
  /** Goes into the link's fragment, which browsers do not send and do not log. */
  readonly token: string
  /** The value of a Set-Cookie header when the token is right, else null. The link may be opened more than once. */
  redeem(token: unknown): string | null
  /** Whether a request's Cookie header carries this session. */
  admits(cookieHeader: string | undefined): boolean
}

/** Compares without telling by its duration how much was right. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(left), digest(right))
}

/** A new session with secrets of 256 bits. Cookies ignore ports, so the name keeps two labs on one machine apart. */
export function createSession(): Session {
  const token = randomBytes(32).toString('base64url')
  const secret = randomBytes(32).toString('base64url')
  const name = `klab_${randomBytes(4).toString('hex')}`
  return {
    token,
    redeem(candidate) {
      if (typeof candidate !== 'string' || !isSame(candidate, token)) return null
      return `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`
    },
    admits(cookieHeader) {
      for (const cookie of (cookieHeader ?? '').split(';')) {
        const [key, value] = cookie.trim().split('=', 2)
        if (key === name && value !== undefined && isSame(value, secret)) return true
      }
      return false
    },
  }
}
