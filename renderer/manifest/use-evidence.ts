import { useEffect, useState } from 'react'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import type { CatalogVariant, Flag } from '#contract/manifest.ts'
import { readDocumentText } from '../commands/read-document-text.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { evidenceNode } from './flag-text.ts'

interface Evidence {
  record: EvidenceRecord
  /** Document of the evidence file, when it is in the tree. */
  documentId: string | undefined
}

/** The record behind a flag: of the proof just made, else read from the variant's evidence file. Null when there is none. */
export function useEvidence(variant: CatalogVariant, flag: Flag): Evidence | null {
  const documentId = useLab((state) => evidenceNode(state.workspace?.nodes ?? [], variant)?.id)
  const fresh = useLab((state) => state.proofs[proofKey(variant.id, flag)]?.evidence?.record)
  const flags = variant.flags
  const [read, setRead] = useState<EvidenceRecord | null>(null)

  useEffect(() => {
    let isCurrent = true
    setRead(null)
    if (!documentId || flags.length === 0) return
    void readDocumentText(documentId).then((text) => {
      const file = evidenceFileSchema.safeParse(parse(text))
      if (isCurrent) setRead(file.success ? (file.data.flags[flag] ?? null) : null)
    })
    return () => {
      isCurrent = false
    }
  }, [documentId, flag, flags])

  const record = fresh ?? read
  return record ? { record, documentId } : null
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
