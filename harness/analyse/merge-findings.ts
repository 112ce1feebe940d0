import type { AnalysisDocument, Finding } from '#contract/analysis.ts'

/** What makes two findings the same one: what happened, at which lines, to what. */
function identityOf({ kind, file, line, otherLine, otherFile, access, space, buffer, bufferName }: Finding): string {
  return JSON.stringify([kind, file, line, otherLine, otherFile, access, space, buffer, bufferName])
}

/**
 * What several schedules of one dispatch found, as one document. A finding keeps place and count of the first schedule
 * that showed it, and says which that was; the counters are those of the first document.
 */
export function mergeDocuments(documents: readonly AnalysisDocument[]): AnalysisDocument | null {
  const [first] = documents
  if (!first) return null
  const merged = new Map<string, Finding>()
  for (const [schedule, { findings }] of documents.entries()) {
    for (const finding of findings) {
      const identity = identityOf(finding)
      if (!merged.has(identity)) merged.set(identity, schedule === 0 ? finding : { ...finding, schedule })
    }
  }
  const omitted = Math.max(...documents.map((document) => document.omitted))
  return { ...first, findings: [...merged.values()], omitted }
}
