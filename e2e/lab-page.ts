import type { Locator, Page } from 'playwright-core'

interface ShapeInput {
  m: number
  n: number
  k: number
  tB?: boolean
  bias?: boolean
}

/** Where things are on the lab's page: by role and name, except inside the editor, which is Monaco's. */
export class LabPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** The host answers and the workspace is shown. */
  async ready(): Promise<void> {
    await this.tree.getByRole('treeitem').first().waitFor()
    await this.page.getByText('Host ready').waitFor()
  }

  get tree(): Locator {
    return this.page.getByRole('tree', { name: 'Files of the workspace' })
  }

  get problems(): Locator {
    return this.page.getByRole('region', { name: 'Problems' })
  }

  /** The problem buttons whose text holds `text`. */
  problem(text: string | RegExp): Locator {
    return this.problems.getByRole('button').filter({ hasText: text })
  }

  async openFile(name: string): Promise<void> {
    await this.tree.getByRole('treeitem', { name }).click()
    await this.page.getByRole('tab', { name, selected: true }).waitFor()
    await this.page.getByRole('tabpanel', { name }).locator('.view-line').first().waitFor()
  }

  /** The text area of the main editor. */
  get editor(): Locator {
    return this.page.locator('.editor-host .monaco-editor').first()
  }

  async focusEditor(): Promise<void> {
    // Not the lines: they are as wide as the longest of them, so that their middle may lie under another pane.
    await this.editor.click({ position: { x: 200, y: 60 } })
  }

  /** Puts text in at the start of a line, 1-based, as pasted: no bracket is closed by the editor. */
  async insertAtLine(line: number, text: string): Promise<void> {
    await this.focusEditor()
    await this.page.keyboard.press('ControlOrMeta+Home')
    for (let i = 1; i < line; i++) await this.page.keyboard.press('ArrowDown')
    await this.page.keyboard.insertText(text)
  }

  /** Undoes until the open file is as it was saved. Pasted text is more than one step of the editor's. */
  async undoAll(): Promise<void> {
    await this.focusEditor()
    for (let steps = 0; steps < 10 && (await this.unsavedMark.count()) > 0; steps++) {
      await this.page.keyboard.press('ControlOrMeta+z')
    }
    await this.unsavedMark.waitFor({ state: 'detached' })
  }

  /** The close button of a tab with unsaved text. */
  get unsavedMark(): Locator {
    return this.page.getByRole('button', { name: /^Close .*unsaved/ })
  }

  /** The text of a line that is in view, counted from the first one in view. Monaco draws spaces as no-break ones. */
  async lineText(index = 0): Promise<string> {
    const lines = this.editor.locator('.view-line')
    const tops = await lines.evaluateAll((all) => all.map((line) => Number.parseFloat((line as HTMLElement).style.top)))
    const order = tops.map((top, position) => ({ top, position })).sort((a, b) => a.top - b.top)
    const text = await lines.nth(order[index]?.position ?? 0).textContent()
    return (text ?? '').replaceAll('\u00a0', ' ')
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s')
  }

  async openPanel(name: 'Bench' | 'Precision' | 'Analysis' | 'Dispatch' | 'Manifest' | 'Sweep'): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Workbench' }).getByRole('tab', { name }).click()
  }

  get workbench(): Locator {
    return this.page.getByRole('region', { name: 'Workbench' })
  }

  /** Chooses a variant by its id or an entry by its name, in the panel that is open. */
  async chooseKernel(label: string): Promise<void> {
    await this.workbench.getByRole('combobox', { name: 'Kernel', exact: true }).selectOption({ label })
  }

  /** Fills the shape form of the panel that is open. */
  async setShape({ m, n, k, tB = false, bias = false }: ShapeInput): Promise<void> {
    const field = (name: string) => this.workbench.getByRole('textbox', { name: new RegExp(`^${name}: `) })
    await field('m').fill(String(m))
    await field('n').fill(String(n))
    await field('k').fill(String(k))
    await this.workbench.getByRole('checkbox', { name: /^tB: / }).setChecked(tB)
    await this.workbench.getByRole('checkbox', { name: /^bias: / }).setChecked(bias)
  }

  /** Presses Bench and waits for the row that it leads to: the newest one, of a kernel so named. */
  async bench(): Promise<Locator> {
    const rows = this.results
    const before = await rows.count()
    await this.workbench.getByRole('button', { name: 'Bench', exact: true }).click()
    await rows.nth(before).waitFor()
    return rows.first()
  }

  /** Presses Analyse and waits until the run has ended. */
  async analyse(): Promise<Locator> {
    await this.workbench.getByRole('button', { name: 'Analyse', exact: true }).click()
    await this.workbench.getByRole('button', { name: 'Cancel' }).waitFor()
    await this.workbench.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' })
    return this.analysis
  }

  /** What the Analysis panel says about the chosen kernel. */
  get analysis(): Locator {
    return this.workbench.getByRole('region', { name: 'Analysis report' })
  }

  /** How far line numbers stand from their lines, in pixels, over all lines in view. */
  async lineNumberOffset(): Promise<number> {
    // What was typed is drawn with the next frame.
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    const tops = (selector: string) =>
      this.editor
        .locator(selector)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top).sort((a, b) => a - b))
    const [numbers, lines] = [await tops('.line-numbers'), await tops('.view-line')]
    return Math.max(...numbers.map((top, i) => Math.abs(top - (lines[i] ?? Number.POSITIVE_INFINITY))))
  }

  /** Presses a control and answers the text that the page then offers as a file. Not every shell tells of downloads. */
  async savedBy(control: Locator): Promise<string> {
    await this.page.evaluate(() => {
      const make = URL.createObjectURL
      const offered = new Promise<string>((resolve) => {
        URL.createObjectURL = (blob) => {
          URL.createObjectURL = make
          if (blob instanceof Blob) void blob.text().then(resolve)
          return make.call(URL, blob)
        }
      })
      Object.assign(globalThis, { offered })
    })
    await control.click()
    return this.page.evaluate(() => (globalThis as unknown as { offered: Promise<string> }).offered)
  }

  /** The rows of the Bench panel, newest first. */
  get results(): Locator {
    return this.workbench
      .getByRole('table', { name: /^Results/ })
      .locator('tbody')
      .getByRole('row')
  }

  /** What stands behind the chosen row. */
  get detail(): Locator {
    return this.workbench.getByRole('region', { name: 'Chosen result' })
  }

  /** One toggle of the Manifest panel. */
  flag(flag: string, variant: string): Locator {
    return this.workbench.getByRole('checkbox', { name: new RegExp(`^${flag} of ${variant}: `) })
  }

  flagDetail(flag: string, variant: string): Locator {
    return this.workbench.getByRole('region', { name: `${flag} of ${variant}` })
  }
}
