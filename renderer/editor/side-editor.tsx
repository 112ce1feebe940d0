import { useEffect, useRef } from 'react'
import { useLab } from '../state/store.ts'
import { editorOptions } from './editor-options.ts'
import { monaco } from './monaco.ts'
import { useMonacoPort } from './port-context.ts'

interface Props {
  documentId: string
  label: string
}

/** A second editor on the model of an open document: what is typed in one is seen in the other. */
export function SideEditor({ documentId, label }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const port = useMonacoPort()
  const isMerging = useLab((state) => state.merges[documentId] !== undefined)
  const isOpen = useLab((state) => state.open.some((document) => document.id === documentId))

  useEffect(() => {
    const model = port.model(documentId)
    if (!host.current || !isOpen || !model) return
    const editor = monaco.editor.create(host.current, {
      ...editorOptions,
      model,
      ariaLabel: label,
      fontSize: 12,
      lineHeight: 18,
      readOnly: isMerging,
    })
    return () => editor.dispose()
  }, [port, documentId, isOpen, isMerging, label])

  return <div className="code-editor" ref={host} />
}
