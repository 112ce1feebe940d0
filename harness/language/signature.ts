import type { RequestOutput } from '#contract/ipc.ts'
import { cleanCode } from './clean-names.ts'
import { documentationOf } from './docs/documentation.ts'

/** clangd's answer, as far as it is read. */
export interface LspSignatureHelp {
  signatures: { label: string; parameters?: { label: string | [number, number] }[] }[]
  activeSignature?: number
  activeParameter?: number
}

/** Written anew from its parameters, of which those that only the lab passes are left out. */
export function cleanSignatures(answer: LspSignatureHelp | null): RequestOutput<'language.signature'> {
  const signatures = (answer?.signatures ?? []).map(({ label, parameters = [] }) => {
    const texts = parameters
      .map((parameter) => (typeof parameter.label === 'string' ? parameter.label : label.slice(...parameter.label)))
      .map((text) => cleanCode(text).trim())
      .filter((text) => text !== '')
    const name = /^\w+/.exec(label)?.[0] ?? label
    const result = /->\s*(.+)$/.exec(label)?.[1]
    const ranges: [number, number][] = []
    let written = `${name}(`
    for (const [index, text] of texts.entries()) {
      if (index > 0) written += ', '
      ranges.push([written.length, written.length + text.length])
      written += text
    }
    const documentation = documentationOf(name)
    return {
      label: `${written})${result ? ` → ${cleanCode(result)}` : ''}`,
      parameters: ranges,
      ...(documentation ? { documentation } : {}),
    }
  })
  return { signatures, active: answer?.activeSignature ?? 0, activeParameter: answer?.activeParameter ?? 0 }
}
