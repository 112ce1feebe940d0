import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Chromium, startChromium } from './chromium.ts'
import { DevTools } from './devtools.ts'

/** What app needs of a window; browser-window.ts registers its own here, so that neither file imports the other. */
export interface OpenWindow {
  close(): void
}

const argument = (name: string) => process.argv.find((a) => a.startsWith(`--${name}=`))?.slice(name.length + 3)

class App extends EventEmitter {
  readonly windows = new Set<OpenWindow>()
  readonly commandLine = {
    appendSwitch: (name: string, value = '') => void this.#switches.push(value ? `--${name}=${value}` : `--${name}`),
    hasSwitch: (name: string) => process.argv.includes(`--${name}`),
  }
  #switches: string[] = []
  #root = process.cwd()
  #scratch = mkdtempSync(join(tmpdir(), 'klab-standin-'))
  #chromium: Chromium | null = null
  #devTools: DevTools | null = null
  #isQuitting = false
  #ready: Promise<void>

  constructor() {
    super()
    // One turn later, so that a driver's preload has added its switches.
    this.#ready = new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#start())
    this.#ready.catch((error) => {
      process.stderr.write(`${error.message}\n`)
      process.exit(1)
    })
    process.on('exit', () => {
      this.#chromium?.process.kill('SIGKILL')
      rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 3 })
    })
  }

  async #start(): Promise<void> {
    this.#chromium = await startChromium(this.#scratch, this.#switches)
    this.#devTools = await DevTools.connect(this.#chromium.devToolsUrl)
    await this.#devTools.send('Target.setDiscoverTargets', { discover: true })
    this.#chromium.process.once('exit', () => process.exit(this.#isQuitting ? 0 : 1))
    this.emit('ready', {})
  }

  get devTools(): DevTools {
    if (this.#devTools === null) throw new Error('Windows can be made only after app.whenReady().')
    return this.#devTools
  }

  setRoot(root: string): void {
    this.#root = root
  }

  whenReady = (): Promise<void> => this.#ready
  isReady = (): boolean => this.#devTools !== null
  getAppPath = (): string => this.#root
  getName = (): string => 'kernel-lab'
  getVersion = (): string => '0.0.0'
  getPath = (): string => argument('user-data-dir') ?? this.#scratch
  requestSingleInstanceLock = (): boolean => true

  /** Called by a window that is gone. */
  windowClosed(window: OpenWindow): void {
    this.windows.delete(window)
    if (this.windows.size > 0) return
    if (this.#isQuitting) this.#finishQuit()
    else if (!this.emit('window-all-closed')) this.quit()
  }

  /** As Electron: before-quit, then every window closes, then will-quit, each of which may be prevented. */
  quit(): void {
    if (!this.#isQuitting && !this.#ask('before-quit')) return
    this.#isQuitting = true
    if (this.windows.size === 0) this.#finishQuit()
    for (const window of this.windows) window.close()
  }

  exit(code = 0): void {
    process.exit(code)
  }

  #finishQuit(): void {
    if (!this.#ask('will-quit')) {
      this.#isQuitting = false
      return
    }
    this.emit('quit', {}, 0)
    process.exit(0)
  }

  #ask(event: string): boolean {
    let isPrevented = false
    this.emit(event, {
      preventDefault: () => {
        isPrevented = true
      },
    })
    return !isPrevented
  }
}

export const app = new App()
