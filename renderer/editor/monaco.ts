import 'monaco-editor/features/bracketMatching/register.js'
import 'monaco-editor/features/caretOperations/register.js'
import 'monaco-editor/features/clipboard/register.js'
import 'monaco-editor/features/codeEditor/register.js'
import 'monaco-editor/features/codelens/register.js'
import 'monaco-editor/features/comment/register.js'
import 'monaco-editor/features/contextmenu/register.js'
import 'monaco-editor/features/cursorUndo/register.js'
import 'monaco-editor/features/diffEditor/register.js'
import 'monaco-editor/features/documentSymbols/register.js'
import 'monaco-editor/features/dropOrPasteInto/register.js'
import 'monaco-editor/features/find/register.js'
import 'monaco-editor/features/folding/register.js'
import 'monaco-editor/features/format/register.js'
import 'monaco-editor/features/gotoError/register.js'
import 'monaco-editor/features/gotoLine/register.js'
import 'monaco-editor/features/hover/register.js'
import 'monaco-editor/features/indentation/register.js'
import 'monaco-editor/features/linesOperations/register.js'
import 'monaco-editor/features/multicursor/register.js'
import 'monaco-editor/features/smartSelect/register.js'
import 'monaco-editor/features/snippet/register.js'
import 'monaco-editor/features/suggest/register.js'
import 'monaco-editor/features/toggleTabFocusMode/register.js'
import 'monaco-editor/features/unicodeHighlighter/register.js'
import 'monaco-editor/features/wordHighlighter/register.js'
import 'monaco-editor/features/wordOperations/register.js'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker'
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js'
import { z } from 'zod'
import { manifestSchema } from '#contract/manifest.ts'
import { mslConfiguration, mslLanguageId, mslTokens } from './msl-language.ts'
import { darkTheme, lightTheme } from './themes.ts'

// codelens, documentSymbols and dropOrPasteInto are here for their services: the JSON mode, loaded later, brings every
// feature with it, and an editor made then asks for them, when it is too late to register any.
export { monaco }

/** Gives Monaco its workers, languages and themes; once, before the first editor. */
export function setUpMonaco(): void {
  globalThis.MonacoEnvironment = {
    getWorker: (_id: string, label: string) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
  }
  monaco.languages.register({ id: mslLanguageId, extensions: ['.metal', '.h'], aliases: ['Metal Shading Language'] })
  monaco.languages.setLanguageConfiguration(mslLanguageId, mslConfiguration)
  monaco.languages.setMonarchTokensProvider(mslLanguageId, mslTokens)
  monaco.editor.defineTheme('lab-dark', darkTheme)
  monaco.editor.defineTheme('lab-light', lightTheme)
  const schema = z.toJSONSchema(manifestSchema, { io: 'input' })
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: false,
    trailingCommas: 'error',
    schemas: [{ uri: 'klab:/manifest.schema.json', fileMatch: ['*variants_enhanced.json'], schema }],
  })
}

/** Monaco's language for a file of that name. */
export function languageOf(name: string): string {
  if (/\.(metal|h|hpp|metalh)$/i.test(name)) return mslLanguageId
  return /\.json$/i.test(name) ? 'json' : 'plaintext'
}
