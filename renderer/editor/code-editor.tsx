import { useEffect, useRef } from 'react'
import { useLab } from '../state/store.ts'
import { editorOptions } from './editor-options.ts'
import { monaco } from './monaco.ts'
import type { MonacoPort } from './monaco-port.ts'

interface Props {
  port: MonacoPort
}

/** The main editor: one Monaco instance that shows the document in front. */
export function CodeEditor({ port }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const activeId = useLab((state) => state.activeId)
  const isOpen = useLab((state) => state.open.some((document) => document.id === state.activeId))

  useEffect(() => {
    if (!host.current) return
    const editor = monaco.editor.create(host.current, { ...editorOptions, ariaLabel: 'Kernel source' })
    port.attach(editor)
    const caret = editor.onDidChangeCursorPosition(({ position }) =>
      useLab.getState().setCaret({ line: position.lineNumber, column: position.column }),
    )
    return () => {
      caret.dispose()
      port.attach(null)
      editor.dispose()
    }
  }, [port])

  useEffect(() => port.show(isOpen ? activeId : null), [port, activeId, isOpen])

  return <div className="code-editor" ref={host} hidden={!isOpen} />
}
