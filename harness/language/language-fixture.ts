import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result } from '#contract/error.ts'
import type { RequestInput, RequestOutput } from '#contract/ipc.ts'
import type { TextPosition } from '#contract/language.ts'
import { Workspace } from '../catalog/workspace.ts'
import { findTool } from './find-tool.ts'
import { type LanguageRequestName, LanguageService } from './language-service.ts'

/** Test support: why a tool's tests cannot run here, null when they can. Said aloud, so that a skip is seen. */
export function whyNoTool(name: 'clangd' | 'clang-format'): string | null {
  const tool = findTool(name)
  if (tool.ok) return null
  console.warn(`tests of ${name} are SKIPPED: ${tool.error.message}`)
  return tool.error.message
}

/** Test support: where `|` stands in a text, and the text without it. */
export function caretIn(marked: string): { text: string; position: TextPosition } {
  const lines = marked.slice(0, marked.indexOf('|')).split('\n')
  const position = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  return { text: marked.replace('|', ''), position }
}

/** Test support: the language service over a folder of its own. */
export class LanguageBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'klab-language-'))
  readonly service: LanguageService
  readonly workspace: Workspace
  readonly #stateHome = process.env.XDG_STATE_HOME

  constructor(files: Record<string, string>) {
    process.env.XDG_STATE_HOME = join(this.folder, 'state')
    const root = join(this.folder, 'lab')
    mkdirSync(root)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
    const opened = Workspace.open(root)
    if (!opened.ok) throw new Error(opened.error.message)
    this.workspace = opened.value
    this.service = new LanguageService(root)
  }

  ask<N extends LanguageRequestName>(name: N, input: RequestInput<N>): Promise<Result<RequestOutput<N>>> {
    return this.service.request(name, input)
  }

  async close(): Promise<void> {
    await this.service.close()
    if (this.#stateHome === undefined) delete process.env.XDG_STATE_HOME
    else process.env.XDG_STATE_HOME = this.#stateHome
    rmSync(this.folder, { recursive: true, force: true })
  }
}
