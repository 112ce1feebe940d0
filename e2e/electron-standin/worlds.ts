// The two halves of a context bridge. Both functions are sent to the page as source, so they may use nothing from
// outside themselves. A CustomEvent is delivered at once and in both worlds, and its detail is a string, so no object
// of one world ever reaches the other.

/** Runs in the page's world: builds what the preload exposes out of functions that only post messages. */
export function mainWorld(channel: string): void {
  type Settle = { resolve(value: unknown): void; reject(error: Error): void }
  const callbacks: ((...args: unknown[]) => unknown)[] = []
  const settles = new Map<number, Settle>()
  let nextCall = 1
  let answer: { value?: unknown; isPromise?: boolean; error?: string } | null = null

  const encode = (value: unknown): string =>
    JSON.stringify(value, (_key, v) => (typeof v === 'function' ? { $callback: callbacks.push(v) - 1 } : v))

  const call = (target: number, args: unknown[]): unknown => {
    const id = nextCall++
    answer = null
    const detail = JSON.stringify({ id, target, args: encode(args) })
    window.dispatchEvent(new CustomEvent(`${channel}:call`, { detail }))
    const given = answer as { value?: unknown; isPromise?: boolean; error?: string } | null
    if (given?.error !== undefined) throw new Error(given.error)
    if (!given?.isPromise) return revive(given?.value)
    return new Promise((resolve, reject) => settles.set(id, { resolve, reject }))
  }

  const revive = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if ('$function' in value) return (...args: unknown[]) => call(value.$function as number, args)
    for (const [key, child] of Object.entries(value)) (value as Record<string, unknown>)[key] = revive(child)
    return value
  }

  const on = (kind: string, listener: (message: never) => void) =>
    window.addEventListener(`${channel}:${kind}`, (event) =>
      listener(JSON.parse((event as CustomEvent).detail) as never),
    )

  on('expose', ({ key, api }: { key: string; api: unknown }) => {
    Object.defineProperty(window, key, { value: Object.freeze(revive(api)), enumerable: true })
  })
  on('answer', (message: { value?: unknown; isPromise?: boolean; error?: string }) => {
    answer = message
  })
  on('settle', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const settle = settles.get(id)
    settles.delete(id)
    if (error === undefined) settle?.resolve(revive(value))
    else settle?.reject(new Error(error))
  })
  on('callback', ({ index, args }: { index: number; args: unknown[] }) => void callbacks[index]?.(...args))
  window.dispatchEvent(new CustomEvent(`${channel}:listening`))

  // A popup that Chromium makes and the main process then closes can hang its opener, so none is made.
  window.open = (url) => {
    window.dispatchEvent(new CustomEvent(`${channel}:open`, { detail: String(url ?? '') }))
    return null
  }
}

/** Runs in the preload's own world, before `preload`: gives it `require('electron')` and nothing else. */
export function isolatedWorld(channel: string, preload: (require: unknown, module: unknown, exports: unknown) => void) {
  type Listener = (event: object, ...args: unknown[]) => void
  const page = globalThis as unknown as { toMainProcess(message: string): void; fromMainProcess(message: string): void }
  const functions: ((...args: unknown[]) => unknown)[] = []
  const listeners = new Map<string, Set<Listener>>()
  const invokes = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let nextInvoke = 1

  const post = (kind: string, message: object) =>
    window.dispatchEvent(new CustomEvent(`${channel}:${kind}`, { detail: encode(message) }))
  const encode = (value: unknown): string =>
    JSON.stringify(value, (_key, v) => (typeof v === 'function' ? { $function: functions.push(v) - 1 } : v))
  const decode = (text: string): unknown[] =>
    JSON.parse(text, (_key, v) =>
      v !== null && typeof v === 'object' && '$callback' in v
        ? (...args: unknown[]) => post('callback', { index: v.$callback, args })
        : v,
    )
  const said = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown))

  window.addEventListener(`${channel}:call`, (event) => {
    const { id, target, args } = JSON.parse((event as CustomEvent).detail)
    try {
      const value = functions[target]?.(...decode(args))
      if (!(value instanceof Promise)) return post('answer', { value })
      post('answer', { isPromise: true })
      value.then(
        (settled) => post('settle', { id, value: settled }),
        (thrown) => post('settle', { id, error: said(thrown) }),
      )
    } catch (thrown) {
      post('answer', { error: said(thrown) })
    }
  })

  window.addEventListener(`${channel}:open`, (event) => {
    page.toMainProcess(JSON.stringify({ open: (event as CustomEvent).detail }))
  })

  page.fromMainProcess = (text) => {
    const message = JSON.parse(text)
    if (message.channel !== undefined) {
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.args)
      return
    }
    const invoke = invokes.get(message.id)
    invokes.delete(message.id)
    if (message.error === undefined) invoke?.resolve(message.value)
    else invoke?.reject(new Error(message.error))
  }

  const electron = {
    contextBridge: {
      exposeInMainWorld: (key: string, api: unknown) => {
        post('expose', { key, api })
        window.addEventListener(`${channel}:listening`, () => post('expose', { key, api }))
      },
    },
    ipcRenderer: {
      on: (name: string, listener: Listener) =>
        void listeners.set(name, (listeners.get(name) ?? new Set()).add(listener)),
      invoke: (name: string, ...args: unknown[]) =>
        new Promise((resolve, reject) => {
          const id = nextInvoke++
          invokes.set(id, { resolve, reject })
          page.toMainProcess(JSON.stringify({ id, channel: name, args }))
        }),
    },
  }
  const require = (name: string) => {
    if (name === 'electron') return electron
    throw new Error(`A sandboxed preload cannot require '${name}'`)
  }
  const module = { exports: {} }
  preload(require, module, module.exports)
}
