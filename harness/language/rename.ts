import { fail, ok, type Result } from '#contract/error.ts'
import type { RequestInput } from '#contract/ipc.ts'
import type { TextEdit } from '#contract/language.ts'
import { documentationOf } from './docs/documentation.ts'
import { locationOf } from './document-paths.ts'
import type { Shown } from './language-service.ts'
import { declarationOf, instantiatedNames } from './overlay.ts'
import { type LspRange, TextLines, toLsp } from './text-lines.ts'

interface WorkspaceEdit {
  changes?: Record<string, { range: LspRange; newText: string }[]>
}

const refuse = (message: string) => fail({ kind: 'invalid' as const, message })

/** What to replace so that a name is another one everywhere; `invalid` says why it cannot be. */
export async function rename(
  { text, position, name, documentId }: RequestInput<'language.rename'>,
  { clangd, uri, workspace }: Shown,
): Promise<Result<{ edits: TextEdit[] }>> {
  const lines = new TextLines(text)
  const old = lines.wordAt(lines.offset(position))?.word
  if (!old) return refuse('there is no name here')
  if (!/^[A-Za-z_]\w*$/.test(name)) return refuse(`'${name}' is no name: use letters, digits and _`)
  if (documentationOf(name) !== undefined) return refuse(`'${name}' is a word of MSL`)
  const at = { textDocument: { uri }, position: toLsp(position) }
  const declared = await clangd.request('textDocument/definition', at)
  if (!declared.ok) return declared
  const places = ((declared.value ?? []) as { uri: string; range: LspRange }[]).map((one) => locationOf(workspace, one))
  if (places.length === 0) return refuse(`nobody knows what '${old}' is here; mend the errors first`)
  if (places.some((place) => !place || place.isLibrary))
    return refuse(`'${old}' belongs to the Metal library, which is not yours to change`)
  const elsewhere = places.find((place) => place?.documentId !== documentId)
  if (elsewhere) return refuse(`'${old}' is declared in another file: rename it there`)
  const answer = await clangd.request('textDocument/rename', { ...at, newName: name })
  if (!answer.ok) return refuse(answer.error.message.replace('the language server: ', ''))
  const edits = editsOf(answer.value as WorkspaceEdit | null, { workspace, documentId })
  if (!edits.ok || declarationOf(text, old) === null) return edits
  const unseen = instantiatedNames(text)
    .filter(({ word }) => word === old)
    .map(({ begin }) => ({ documentId, range: lines.range(begin, begin + old.length), text: name }))
  return ok({ edits: [...edits.value.edits, ...unseen] })
}

function editsOf(
  answer: WorkspaceEdit | null,
  { workspace, documentId }: Pick<Shown, 'workspace'> & { documentId: string },
): Result<{ edits: TextEdit[] }> {
  const edits: TextEdit[] = []
  for (const [uri, changes] of Object.entries(answer?.changes ?? {})) {
    for (const { range, newText } of changes) {
      const place = locationOf(workspace, { uri, range })
      if (!place || place.documentId !== documentId) return refuse('the name is used in other files, too')
      edits.push({ documentId: place.documentId, range: place.range, text: newText })
    }
  }
  return ok({ edits })
}
