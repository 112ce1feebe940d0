import { fail, ok, type Result } from '#contract/error.ts'
import type { RequestInput, RequestName, RequestOutput } from '#contract/ipc.ts'
import type { CodeLocation, TextPosition } from '#contract/language.ts'
import { Workspace } from '../catalog/workspace.ts'
import { Clangd } from './clangd.ts'
import { cleanCompletions, type LspCompletion } from './completion.ts'
import { isLibraryId, locationOf, readLibrary } from './document-paths.ts'
import { findTool } from './find-tool.ts'
import { formatText } from './format.ts'
import { cleanHover, ownHover } from './hover.ts'
import { localCompletions } from './local-completion.ts'
import { OpenDocuments } from './open-documents.ts'
import { declarationOf, instantiatedNames } from './overlay.ts'
import { rename } from './rename.ts'
import { RequestQueue } from './request-queue.ts'
import { tokensOf } from './semantic-tokens.ts'
import { cleanSignatures, type LspSignatureHelp } from './signature.ts'
import { type LspSymbol, symbolsOf } from './symbols.ts'
import { type LspRange, TextLines, toLsp } from './text-lines.ts'

/** Requests of an editor about the text of a kernel. */
export type LanguageRequestName = Extract<RequestName, `language.${string}`>
type Input<N extends LanguageRequestName> = RequestInput<N>
type Answer<N extends LanguageRequestName> = Promise<Result<RequestOutput<N>>>
type Handlers = { [N in LanguageRequestName]: (input: Input<N>) => Answer<N> }

type Place = Input<'language.hover'>
type Text = Input<'language.tokens'>

interface Lab {
  workspace: Workspace
  clangd: Clangd
  documents: OpenDocuments
}

/** Whether a request is one of an editor's, which no kernel host answers. */
export const isLanguageRequest = (name: string): name is LanguageRequestName => name.startsWith('language.')

/** Answers an editor's questions about one workspace. clangd, where there is one, is started by the first of them. */
export class LanguageService {
  readonly #root: string
  readonly #queue = new RequestQueue()
  #lab: Lab | null = null

  constructor(root: string) {
    this.#root = root
  }

  /** Process id of clangd, while one runs. */
  get pid(): number | undefined {
    return this.#lab?.clangd.pid
  }

  request<N extends LanguageRequestName>(name: N, input: Input<N>): Answer<N> {
    const handler = this.#handlers[name] as (input: Input<N>) => Answer<N>
    return handler(input)
  }

  async close(): Promise<void> {
    await this.#lab?.clangd.close()
  }

  readonly #handlers: Handlers = {
    'language.complete': (input) => this.#complete(input),
    'language.signature': (input) =>
      this.#atPlace<LspSignatureHelp | null, RequestOutput<'language.signature'>>(
        input,
        'signatureHelp',
        cleanSignatures,
      ),
    'language.hover': (input) => this.#hover(input),
    'language.definition': (input) => this.#locations(input, 'definition'),
    'language.references': (input) => this.#locations(input, 'references'),
    'language.rename': (input) =>
      this.#queue.add(`rename ${input.documentId}`, async () => {
        const shown = await this.#show(input)
        return shown.ok ? rename({ ...input, position: seenPosition(input.text, input.position) }, shown.value) : shown
      }),
    'language.format': ({ text, lines }) => formatText(text, lines),
    'language.symbols': (input) =>
      this.#ofText<LspSymbol[] | null, RequestOutput<'language.symbols'>>(input, 'documentSymbol', (symbols) => ({
        symbols: symbolsOf(symbols ?? []),
      })),
    'language.tokens': (input) =>
      this.#ofText<{ data?: number[] } | null, RequestOutput<'language.tokens'>>(
        input,
        'semanticTokens/full',
        (answer, { clangd }) => ({ data: tokensOf(input.text, answer?.data ?? [], clangd.legend) }),
      ),
    'language.library': ({ documentId }) => Promise.resolve(readLibrary(documentId)),
  }

  async #complete(input: Place): Answer<'language.complete'> {
    const { items, isAll } = localCompletions(input.text, input.position)
    if (isAll) return ok({ items, isIncomplete: false })
    const { line, column } = input.position
    const here = { line, column, endLine: line, endColumn: column }
    const answer = await this.#atPlace<
      { items?: LspCompletion[]; isIncomplete?: boolean } | null,
      RequestOutput<'language.complete'>
    >(input, 'completion', (found) => {
      const cleaned = cleanCompletions(found?.items ?? [], here).filter(
        ({ label }) => !items.some((item) => item.label === label),
      )
      return { items: [...items, ...cleaned], isIncomplete: found?.isIncomplete ?? false }
    })
    const isMissing = !answer.ok && answer.error.kind === 'missing-tool'
    return isMissing && items.length > 0 ? ok({ items, isIncomplete: false }) : answer
  }

  async #hover(input: Place): Answer<'language.hover'> {
    const own = ownHover(input.text, input.position)
    if (!own) return ok({ hover: null })
    const ours = own.documentation
    const tables = ours === undefined ? null : { contents: [ours], range: own.range }
    if (own.isAll) return ok({ hover: tables })
    const answer = await this.#atPlace<{ contents?: { value?: string } } | null, RequestOutput<'language.hover'>>(
      input,
      'hover',
      (found) => {
        const contents = found ? cleanHover(found.contents?.value ?? '', ours) : []
        return { hover: contents.length > 0 ? { contents, range: own.range } : tables }
      },
    )
    return !answer.ok && tables && answer.error.kind === 'missing-tool' ? ok({ hover: tables }) : answer
  }

  #locations(input: Place, what: 'definition' | 'references'): Answer<'language.definition'> {
    return this.#atPlace<{ uri: string; range: LspRange }[] | null, { locations: CodeLocation[] }>(
      input,
      what,
      (found, { workspace }) => ({
        locations: (found ?? []).flatMap((at) => locationOf(workspace, at) ?? []),
      }),
    )
  }

  #atPlace<R, T>(input: Place, what: string, read: (answer: R, parts: Shown) => T): Promise<Result<T>> {
    const more = {
      position: toLsp(seenPosition(input.text, input.position)),
      context: { triggerKind: 1, includeDeclaration: true },
    }
    return this.#ask(input, { what, more }, read)
  }

  #ofText<R, T>(input: Text, what: string, read: (answer: R, parts: Shown) => T): Promise<Result<T>> {
    return this.#ask(input, { what, more: {} }, read)
  }

  #ask<R, T>(
    input: Text,
    { what, more }: { what: string; more: object },
    read: (answer: R, parts: Shown) => T,
  ): Promise<Result<T>> {
    return this.#queue.add(`${what} ${input.documentId}`, async () => {
      const shown = await this.#show(input)
      if (!shown.ok) return shown
      const { clangd, uri } = shown.value
      const answer = await clangd.request(`textDocument/${what}`, { textDocument: { uri }, ...more })
      return answer.ok ? ok(read(answer.value as R, shown.value)) : answer
    })
  }

  /** Clangd with this text as its text of the document. */
  async #show({ documentId, text }: Text): Promise<Result<Shown>> {
    if (isLibraryId(documentId))
      return fail({ kind: 'unsupported', message: 'the Metal library is shown as it is; ask in a kernel' })
    const lab = this.#open()
    if (!lab.ok) return lab
    const { workspace, clangd, documents } = lab.value
    const path = workspace.pathOf(documentId)
    if (!path.ok) return path
    const started = await clangd.start()
    if (!started.ok) return started
    const { uri, isNew } = documents.show(path.value, text)
    // Until the headers are read clangd completes by the words of the text alone.
    if (isNew) await clangd.request('textDocument/documentSymbol', { textDocument: { uri } })
    return ok({ workspace, clangd, uri })
  }

  /** What is missing may be installed, and the folder made, while the lab runs: only a success is kept. */
  #open(): Result<Lab> {
    if (this.#lab) return ok(this.#lab)
    const tool = findTool('clangd')
    if (!tool.ok) return tool
    const workspace = Workspace.open(this.#root)
    if (!workspace.ok) return workspace
    const clangd = new Clangd(tool.value)
    this.#lab = { workspace: workspace.value, clangd, documents: new OpenDocuments(clangd, workspace.value) }
    return ok(this.#lab)
  }
}

/** A document as clangd has it. */
export interface Shown {
  workspace: Workspace
  clangd: Clangd
  uri: string
}

/** Where clangd is asked about a position: of a name in an explicit instantiation, where that name is declared. */
function seenPosition(text: string, position: TextPosition): TextPosition {
  const lines = new TextLines(text)
  const at = lines.wordAt(lines.offset(position))
  if (!at || !instantiatedNames(text).some(({ begin }) => begin === at.begin)) return position
  const declared = declarationOf(text, at.word)
  return declared === null ? position : lines.position(declared)
}
