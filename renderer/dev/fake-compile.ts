import type { CompileReport, Diagnostic, Entry } from '#contract/diagnostic.ts'

/** A text with `!!` does not compile. */
export function fakeCompile(documentId: string, text: string): CompileReport {
  const diagnostics: Diagnostic[] = text.split('\n').flatMap((line, index) => {
    const column = line.indexOf('!!') + 1
    return column > 0
      ? [{ file: documentId, line: index + 1, column, severity: 'error', message: "expected ';' after expression" }]
      : []
  })
  const entries: Entry[] = [...text.matchAll(/kernel void (\w+)/g)].map((match) => ({
    name: match[1] === 'm1_with_bias' ? 'm1_dot_product_bias' : (match[1] ?? ''),
    function: match[1] ?? '',
    file: documentId,
    line: text.slice(0, match.index).split('\n').length,
    maxTotalThreads: 1024,
    bindings: [],
    constants: [],
  }))
  return {
    ok: diagnostics.length === 0,
    diagnostics,
    entries,
    sourceHash: fakeHash(text),
    timing: { frontEndNs: 61e6, optimiseNs: 0, linkNs: 0, cached: false },
  }
}

export function fakeHash(text: string): string {
  let value = 5381
  for (let index = 0; index < text.length; index += 1) value = (Math.imul(value, 33) ^ text.charCodeAt(index)) >>> 0
  return value.toString(16)
}
