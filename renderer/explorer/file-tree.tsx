import { type KeyboardEvent, useMemo, useState } from 'react'
import type { TreeNode } from '#contract/workspace.ts'
import { createDocument } from '../commands/create-document.ts'
import { openDocument } from '../commands/open-document.ts'
import { useLab } from '../state/store.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type TreeRow, visibleRows } from './tree-order.ts'
import './explorer.css'

const icons: Record<TreeNode['kind'], IconName> = {
  folder: 'folder',
  metal: 'kernel',
  header: 'header',
  manifest: 'braces',
  shapes: 'list',
  launch: 'braces',
  evidence: 'seal',
  other: 'file',
}

const noNodes: TreeNode[] = []

/** The files of the workspace. */
export function FileTree() {
  const nodes = useLab((state) => state.workspace?.nodes ?? noNodes)
  const activeId = useLab((state) => state.activeId)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [focusId, setFocusId] = useState<string | null>(null)
  const [isNaming, setIsNaming] = useState(false)
  const rows = useMemo(() => visibleRows(nodes, closed), [nodes, closed])
  const stopId = rows.find((row) => row.node.id === (focusId ?? activeId))?.node.id ?? rows[0]?.node.id

  const toggle = (id: string) =>
    setClosed((old) => (old.has(id) ? new Set([...old].filter((other) => other !== id)) : new Set([...old, id])))
  const activate = ({ node }: TreeRow) => (node.kind === 'folder' ? toggle(node.id) : void openDocument(node.id))
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const index = rows.findIndex((row) => row.node.id === stopId)
    const next = nextRow(rows, index, event.key)
    const row = rows[index]
    if (next !== undefined) {
      setFocusId(next.node.id)
      event.currentTarget.querySelector<HTMLElement>(`[data-id="${CSS.escape(next.node.id)}"]`)?.focus()
    } else if (row && (event.key === 'Enter' || event.key === ' ')) activate(row)
    else if (row && row.node.kind === 'folder' && event.key === (row.isOpen ? 'ArrowLeft' : 'ArrowRight'))
      toggle(row.node.id)
    else return
    event.preventDefault()
  }

  return (
    <section className="explorer-section explorer-files" id="region-files" aria-label="Files">
      <div className="explorer-head">
        <h2>Files</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="New kernel file"
          title="New kernel file"
          onClick={() => setIsNaming(true)}
        >
          <Icon name="plus" size={13} />
        </button>
      </div>
      {isNaming && <NewFile parentId={folderOf(nodes, stopId)} onDone={() => setIsNaming(false)} />}
      <ul className="tree" role="tree" aria-label="Files of the workspace" onKeyDown={press}>
        {rows.map((row) => (
          <TreeItem
            key={row.node.id}
            row={row}
            isSelected={row.node.id === activeId}
            isStop={row.node.id === stopId}
            onChoose={() => {
              setFocusId(row.node.id)
              activate(row)
            }}
          />
        ))}
      </ul>
    </section>
  )
}

interface TreeItemProps {
  row: TreeRow
  isSelected: boolean
  /** The one that Tab leads to. */
  isStop: boolean
  onChoose(): void
}

function TreeItem({ row: { node, level, isOpen }, isSelected, isStop, onChoose }: TreeItemProps) {
  return (
    <li
      role="treeitem"
      className="tree-row"
      data-id={node.id}
      data-kind={node.kind}
      aria-label={node.name}
      aria-level={level}
      aria-expanded={node.kind === 'folder' ? isOpen : undefined}
      aria-selected={isSelected}
      tabIndex={isStop ? 0 : -1}
      style={{ paddingInlineStart: 6 + (level - 1) * 12 }}
      title={node.path}
      onClick={onChoose}
    >
      <span className="tree-twist" data-open={isOpen || undefined}>
        {node.kind === 'folder' && <Icon name="chevron" size={11} />}
      </span>
      <Icon name={icons[node.kind]} size={14} />
      <NodeName name={node.name} />
      <DirtyDot id={node.id} />
    </li>
  )
}

/** A name that is too long loses the end of its stem, not its extension. */
function NodeName({ name }: { name: string }) {
  const dot = name.indexOf('.', 1)
  const cut = dot === -1 ? name.length : dot
  return (
    <span className="tree-name">
      <span className="truncate">{name.slice(0, cut)}</span>
      <span>{name.slice(cut)}</span>
    </span>
  )
}

function DirtyDot({ id }: { id: string }) {
  const isDirty = useLab((state) => state.open.some((document) => document.id === id && document.isDirty))
  return isDirty ? <span className="tree-dirty" title="Unsaved" /> : null
}

function NewFile({ parentId, onDone }: { parentId: string | null; onDone(): void }) {
  const [name, setName] = useState('')
  return (
    <form
      className="tree-new"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) void createDocument(parentId, /\./.test(name) ? name.trim() : `${name.trim()}.metal`)
        onDone()
      }}
    >
      <input
        className="input"
        aria-label="Name of the new file"
        placeholder="name.metal"
        value={name}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
        autoFocus
        onChange={(event) => setName(event.target.value)}
        onBlur={onDone}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
    </form>
  )
}

function folderOf(nodes: readonly TreeNode[], id: string | undefined): string | null {
  const node = nodes.find((candidate) => candidate.id === id)
  return node?.kind === 'folder' ? node.id : (node?.parentId ?? null)
}

function nextRow(rows: readonly TreeRow[], index: number, key: string): TreeRow | undefined {
  const row = rows[index]
  if (key === 'ArrowDown') return rows[index + 1]
  if (key === 'ArrowUp') return rows[index - 1]
  if (key === 'Home') return rows[0]
  if (key === 'End') return rows.at(-1)
  if (key === 'ArrowRight' && row?.isOpen && row.hasChildren) return rows[index + 1]
  if (key === 'ArrowLeft' && row && !row.isOpen) return rows.find((other) => other.node.id === row.node.parentId)
  return undefined
}
