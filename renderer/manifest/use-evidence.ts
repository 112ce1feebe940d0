import { useEffect, useState } from 'react'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { evidenceFileSchema } from '#contract/evidence-file.ts'
import type { CatalogVariant, FlagStatus } from '#contract/manifest.ts'
import { readDocumentText } from '../commands/read-document-text.ts'
import { proofKey } from '../state/runs-slice.ts'
import { useLab } from '../state/store.ts'
import { evidenceNode } from './flag-text.ts'

interface Evidence {
  record: EvidenceRecord
  /** Document of the evidence file, when it is in the tree. */
  documentId: string | undefined
}

/**
 * The record behind a flag: of the proof just made, else read from the variant's evidence file; of the chosen kind of
 * device, else of another. Null when there is none.
 */
export function useEvidence(variant: CatalogVariant, { flag, device }: FlagStatus): Evidence | null {
  const documentId = useLab((state) => evidenceNode(state.workspace?.nodes ?? [], variant)?.id)
  const made = useLab((state) => state.proofs[proofKey(variant.id, flag)]?.evidence?.record)
  const flags = variant.flags
  const [read, setRead] = useState<EvidenceRecord | null>(null)

  useEffect(() => {
    let isCurrent = true
    setRead(null)
    if (!documentId || flags.length === 0) return
    void readDocumentText(documentId).then((text) => {
      const file = evidenceFileSchema.safeParse(parse(text))
      const devices = file.success ? file.data.devices : {}
      const other = Object.values(devices).find((records) => records[flag])
      if (isCurrent) setRead(devices[device]?.[flag] ?? other?.[flag] ?? null)
    })
    return () => {
      isCurrent = false
    }
  }, [documentId, device, flag, flags])

  const record = made?.deviceKind === device ? made : read
  return record ? { record, documentId } : null
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
