import { useEffect, useRef } from 'react'
import { editorOptions } from './editor-options.ts'
import { languageOf, monaco } from './monaco.ts'

interface Props {
  /** Of the file, which says its language. */
  name: string
  original: string
  modified: string
  /** What the two sides are, for whoever cannot see them. */
  labels: readonly [original: string, modified: string]
}

let serial = 1

/** Two texts that nobody edits, side by side; where there is no room, one below the other. */
export function TextDiff({ name, original, modified, labels }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const [originalLabel, modifiedLabel] = labels

  useEffect(() => {
    if (!host.current) return
    const number = serial++
    const model = (side: string, text: string) => {
      const uri = monaco.Uri.from({ scheme: 'klab', path: `/diff-${number}/${side}/${name}` })
      return monaco.editor.createModel(text, languageOf(name), uri)
    }
    const models = { original: model('original', original), modified: model('modified', modified) }
    const editor = monaco.editor.createDiffEditor(host.current, {
      ...editorOptions,
      fontSize: 12,
      lineHeight: 18,
      readOnly: true,
      originalEditable: false,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 640,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 4 },
      diffAlgorithm: 'advanced',
      originalAriaLabel: originalLabel,
      modifiedAriaLabel: modifiedLabel,
    })
    editor.setModel(models)
    return () => {
      editor.dispose()
      models.original.dispose()
      models.modified.dispose()
    }
  }, [name, original, modified, originalLabel, modifiedLabel])

  return <div className="code-editor" ref={host} />
}
