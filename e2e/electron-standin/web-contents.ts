import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { app } from './app.ts'
import type { Params } from './devtools.ts'
import { ipcMain } from './ipc-main.ts'
import { isolatedWorld, mainWorld } from './worlds.ts'

const world = 'preload'

interface Frame {
  url: string
}

/** One page. Made attached to a blank target; its preload runs in a world of its own in every document after that. */
export class WebContents extends EventEmitter {
  readonly mainFrame: Frame = { url: 'about:blank' }
  readonly session = { setPermissionRequestHandler: () => {}, setPermissionCheckHandler: () => {} }
  targetId = ''
  #sessionId = ''
  #preloadContext: number | null = null
  #subframes = new Map<number, Frame>()
  #isDestroyed = false
  #openHandler: (details: { url: string }) => { action: 'allow' | 'deny' } = () => ({ action: 'allow' })
  #attached: Promise<void>

  constructor(preload: string | undefined, size: { width: number; height: number }) {
    super()
    this.#attached = this.#attach(preload, size)
    this.#attached.catch((error) => process.stderr.write(`No page: ${error.message}\n`))
  }

  async #attach(preload: string | undefined, size: { width: number; height: number }): Promise<void> {
    const target = await app.devTools.send('Target.createTarget', { url: 'about:blank', newWindow: true, ...size })
    this.targetId = String(target.targetId)
    const attached = await app.devTools.send('Target.attachToTarget', { targetId: this.targetId, flatten: true })
    this.#sessionId = String(attached.sessionId)
    await this.#prepare(preload)
  }

  async #prepare(preload: string | undefined): Promise<void> {
    app.devTools.on(':Target.targetDestroyed', (p: Params) => p.targetId === this.targetId && this.#destroyed())
    this.#on('Runtime.executionContextCreated', (p) => this.#contextCreated(p.context as Params))
    this.#on('Runtime.bindingCalled', (p) => void this.#invoked(String(p.payload), Number(p.executionContextId)))
    this.#on('Fetch.requestPaused', (p) => void this.#documentRequested(p))
    this.#on('Page.loadEventFired', () => this.emit('did-finish-load'))
    await this.#send('Page.enable')
    await this.#send('Runtime.enable')
    await this.#send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] })
    if (preload === undefined) return
    const channel = `preload-${Math.random().toString(36).slice(2)}`
    const code = `(require, module, exports) => {${readFileSync(preload, 'utf8')}\n}`
    await this.#send('Runtime.addBinding', { name: 'toMainProcess', executionContextName: world })
    await this.#addScript(`(${mainWorld})(${JSON.stringify(channel)})`)
    await this.#addScript(`(${isolatedWorld})(${JSON.stringify(channel)}, ${code})`, world)
  }

  async loadURL(url: string): Promise<void> {
    await this.#attached
    this.mainFrame.url = url
    const loaded = new Promise((resolve) => this.once('did-finish-load', resolve))
    const answer = await this.#send('Page.navigate', { url })
    if (answer.errorText) throw new Error(`${answer.errorText} loading ${url}`)
    await loaded
  }

  getURL = (): string => this.mainFrame.url
  isDestroyed = (): boolean => this.#isDestroyed

  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'allow' | 'deny' }): void {
    this.#openHandler = handler
  }

  send(channel: string, ...args: unknown[]): void {
    this.#toPreload({ channel, args })
  }

  close(options?: { waitForBeforeUnload?: boolean }): void {
    const closing = this.#attached.then(() =>
      options?.waitForBeforeUnload === false
        ? app.devTools.send('Target.closeTarget', { targetId: this.targetId })
        : this.#send('Page.close'),
    )
    closing.catch(() => {})
  }

  #send(method: string, params: Params = {}): Promise<Params> {
    return app.devTools.send(method, params, this.#sessionId)
  }

  #on(method: string, listener: (params: Params) => void): void {
    app.devTools.on(`${this.#sessionId}:${method}`, listener)
  }

  async #addScript(source: string, worldName?: string): Promise<void> {
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source, ...(worldName && { worldName }) })
  }

  #contextCreated(context: Params): void {
    const { frameId } = context.auxData as { frameId: string }
    if (context.name !== world) return
    // The id of a page's top frame is the id of its target.
    if (frameId === this.targetId) this.#preloadContext = Number(context.id)
    else this.#subframes.set(Number(context.id), { url: String(context.origin) })
  }

  async #invoked(payload: string, contextId: number): Promise<void> {
    const message = JSON.parse(payload) as { id: number; channel: string; args: unknown[]; open?: string }
    const { id, channel, args } = message
    if (message.open !== undefined) return this.#openRequested(message.open)
    const senderFrame = contextId === this.#preloadContext ? this.mainFrame : (this.#subframes.get(contextId) ?? null)
    try {
      this.#toPreload({ id, value: await ipcMain.invoke(channel, { sender: this, senderFrame }, args) }, contextId)
    } catch (thrown) {
      this.#toPreload({ id, error: thrown instanceof Error ? thrown.message : String(thrown) }, contextId)
    }
  }

  #toPreload(message: unknown, contextId = this.#preloadContext): void {
    if (this.#isDestroyed || contextId === null) return
    const expression = `globalThis.fromMainProcess?.(${JSON.stringify(JSON.stringify(message))})`
    this.#send('Runtime.evaluate', { expression, contextId }).catch(() => {})
  }

  async #documentRequested(paused: Params): Promise<void> {
    const { url } = paused.request as { url: string }
    let isPrevented = paused.frameId === this.targetId && url !== this.mainFrame.url
    if (isPrevented) {
      isPrevented = false
      const preventDefault = () => {
        isPrevented = true
      }
      this.emit('will-navigate', { url, preventDefault }, url)
    }
    const requestId = paused.requestId
    const verdict = isPrevented ? 'Fetch.failRequest' : 'Fetch.continueRequest'
    await this.#send(verdict, isPrevented ? { requestId, errorReason: 'Aborted' } : { requestId }).catch(() => {})
  }

  #openRequested(url: string): void {
    if (this.#openHandler({ url }).action === 'allow') process.stderr.write(`The stand-in has no popups: ${url}\n`)
  }

  #destroyed(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.emit('destroyed')
  }
}
