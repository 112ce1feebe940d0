import { pathToFileURL } from 'node:url'
import type { Workspace } from '../catalog/workspace.ts'
import type { Clangd } from './clangd.ts'
import { compileCommand, writeFileOverlay } from './compile-command.ts'
import { overlay } from './overlay.ts'

/** Each costs clangd the memory of a parsed kernel. */
const maxOpen = 8

interface OpenDocument {
  text: string
  version: number
}

/** What clangd holds open: the texts last asked about, the oldest of them closed first. */
export class OpenDocuments {
  readonly #clangd: Clangd
  readonly #workspace: Workspace
  readonly #open = new Map<string, OpenDocument>()
  #generation = 0
  #fileOverlay: string | null = null

  constructor(clangd: Clangd, workspace: Workspace) {
    this.#clangd = clangd
    this.#workspace = workspace
  }

  /** Makes clangd's text of a path this one, and answers its URI there; true when clangd has to read it first. */
  show(path: string, text: string): { uri: string; isNew: boolean } {
    if (this.#generation !== this.#clangd.generation) this.#open.clear()
    this.#generation = this.#clangd.generation
    const uri = pathToFileURL(path).href
    const known = this.#open.get(path)
    const version = (known?.version ?? 0) + 1
    this.#open.delete(path)
    this.#open.set(path, { text, version: known?.text === text ? known.version : version })
    if (!known) this.#begin(path, uri, text)
    else if (known.text !== text)
      this.#clangd.notify('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text: overlay(text) }],
      })
    return { uri, isNew: known === undefined }
  }

  #begin(path: string, uri: string, text: string): void {
    this.#fileOverlay ??= writeFileOverlay(this.#workspace.stateFolder)
    const [oldest] = this.#open.keys()
    if (this.#open.size > maxOpen && oldest !== undefined) {
      this.#open.delete(oldest)
      this.#clangd.notify('textDocument/didClose', { textDocument: { uri: pathToFileURL(oldest).href } })
    }
    const compilationCommand = compileCommand({
      path,
      includeRoots: this.#workspace.includeRoots,
      fileOverlay: this.#fileOverlay,
    })
    const compilationDatabaseChanges = { [path]: { workingDirectory: this.#workspace.root, compilationCommand } }
    this.#clangd.notify('workspace/didChangeConfiguration', { settings: { compilationDatabaseChanges } })
    this.#clangd.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'cpp', version: 1, text: overlay(text) },
    })
  }
}
