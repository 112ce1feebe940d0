import type { Locator, Page } from 'playwright-core'

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
    await this.editor.locator('.view-lines').click()
  }

  /** Puts text in at the start of a line, 1-based, as pasted: no bracket is closed by the editor. */
  async insertAtLine(line: number, text: string): Promise<void> {
    await this.focusEditor()
    await this.page.keyboard.press('ControlOrMeta+Home')
    for (let i = 1; i < line; i++) await this.page.keyboard.press('ArrowDown')
    await this.page.keyboard.insertText(text)
  }

  async undo(): Promise<void> {
    await this.focusEditor()
    await this.page.keyboard.press('ControlOrMeta+z')
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+s')
  }

  async openPanel(name: 'Bench' | 'Precision' | 'Manifest'): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Workbench' }).getByRole('tab', { name }).click()
  }
}
