import { useEffect, useRef } from 'react'
import { editorOptions } from './editor-options.ts'
import { monaco } from './monaco.ts'
import { useMonacoPort } from './port-context.ts'

/** The disk's text beside the result, which can be edited by hand. Where there is no room, one below the other. */
export function MergeEditor({ documentId }: { documentId: string }) {
  const host = useRef<HTMLDivElement>(null)
  const { merges } = useMonacoPort()

  useEffect(() => {
    if (!host.current) return
    const editor = monaco.editor.createDiffEditor(host.current, {
      ...editorOptions,
      fontSize: 12,
      lineHeight: 18,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 560,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 4 },
      diffAlgorithm: 'advanced',
      originalAriaLabel: 'On disk',
      modifiedAriaLabel: 'Result of the merge',
    })
    merges.attach(editor, documentId)
    return () => {
      merges.attach(null, documentId)
      editor.dispose()
    }
  }, [merges, documentId])

  return <div className="code-editor" ref={host} />
}
