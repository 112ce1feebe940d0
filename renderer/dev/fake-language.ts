import { fail } from '#contract/error.ts'
import type { LabHandlers, RequestName } from '#contract/ipc.ts'

const missing = async () =>
  fail({ kind: 'missing-tool', message: 'The scripted lab has no language server.', command: 'npm run start:web' })

/** The scripted lab reads no kernels: the editor goes on without help. */
export const fakeLanguage: Pick<LabHandlers, Extract<RequestName, `language.${string}`>> = {
  'language.complete': missing,
  'language.signature': missing,
  'language.hover': missing,
  'language.definition': missing,
  'language.references': missing,
  'language.rename': missing,
  'language.format': missing,
  'language.symbols': missing,
  'language.tokens': missing,
  'language.library': missing,
}
