import { useEffect, useState } from 'react'
import { goToLocation } from '../commands/go-to-location.ts'
import { beginMerge } from '../commands/merge-document.ts'
import { openDocument } from '../commands/open-document.ts'
import { saveDocument } from '../commands/save-document.ts'
import { SideEditor } from '../editor/side-editor.tsx'
import { problemText } from '../format/problem-text.ts'
import { mergeProblems } from '../state/kernels-slice.ts'
import { useLab } from '../state/store.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon } from '../ui/icon.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { useSize } from '../ui/use-size.ts'
import { FlagDetail } from './flag-detail.tsx'
import { FlagGrid } from './flag-grid.tsx'
import { FlagSign } from './flag-knob.tsx'
import { stateText } from './flag-text.ts'
import { LintList } from './lint-list.tsx'
import './manifest.css'

const wide = 820
/** Width from which a flag's detail stands beside the grid. */
const roomForBoth = 980

/** What is claimed about every variant, what is proven, and the file that says so. */
export function ManifestPanel() {
  const { ref, width, height } = useSize()
  const [search, setSearch] = useState('')
  const { manifestId, variants, isManifestJsonShown, sizes, setSize } = useParts(
    'manifestId',
    'variants',
    'isManifestJsonShown',
    'sizes',
    'setSize',
  )
  const isSideBySide = width >= wide
  const total = isSideBySide ? width : height
  const min = isSideBySide ? 300 : 120
  const max = Math.max(min, total - (isSideBySide ? 440 : 220))
  const size = Math.max(min, Math.min(max, sizes.manifestJson || total * (isSideBySide ? 0.42 : 0.28)))

  const mainWidth = isSideBySide && manifestId !== null && isManifestJsonShown ? width - size : width
  const isBeside = mainWidth >= roomForBoth

  if (manifestId === null && variants.length === 0) return <NoManifest />
  return (
    <div className="manifest" data-wide={isSideBySide || undefined} ref={ref}>
      <div className="manifest-main">
        <ManifestHead search={search} onSearch={setSearch} />
        <StaleBanner />
        <div className="manifest-flags" data-beside={isBeside || undefined}>
          <div className="manifest-scroll">
            <FlagGrid search={search} />
          </div>
          <FlagPane isBeside={isBeside} room={isBeside ? mainWidth : height} />
        </div>
        <LintList />
      </div>
      {manifestId !== null && isManifestJsonShown && width > 0 && (
        <>
          <Splitter
            orientation={isSideBySide ? 'vertical' : 'horizontal'}
            label="Size of the manifest JSON"
            isAfter
            value={size}
            min={min}
            max={max}
            onChange={(next) => setSize('manifestJson', next)}
          />
          <ManifestJson manifestId={manifestId} size={size} />
        </>
      )}
    </div>
  )
}

const flagPane = {
  below: { min: 96, share: 0.5 },
  beside: { min: 360, share: 0.55 },
}

/** Its size stays as it is whatever is chosen, so that no toggle moves away from under the pointer. */
function FlagPane({ isBeside, room }: { isBeside: boolean; room: number }) {
  const { sizes, setSize } = useParts('sizes', 'setSize')
  const pane = isBeside ? 'flagDetailWide' : 'flagDetail'
  const { min, share } = isBeside ? flagPane.beside : flagPane.below
  const max = Math.max(min, Math.round(room * share))
  const size = Math.min(max, sizes[pane])
  return (
    <>
      <Splitter
        orientation={isBeside ? 'vertical' : 'horizontal'}
        label="Size of the flag's detail"
        isAfter
        value={size}
        min={min}
        max={max}
        onChange={(next) => setSize(pane, next)}
      />
      <div className="flag-pane" style={{ flexBasis: size }}>
        <FlagDetail />
      </div>
    </>
  )
}

function ManifestHead({ search, onSearch }: { search: string; onSearch(search: string): void }) {
  const { variants, isManifestJsonShown, setLayout } = useParts('variants', 'isManifestJsonShown', 'setLayout')
  const flags = variants.flatMap((variant) => variant.flags)
  const could = flags.filter(({ state, couldBe }) => state === 'off' && couldBe?.isTrue).length
  const count = (state: string) => flags.filter((flag) => flag.state === state).length
  return (
    <div className="manifest-head">
      <span>
        {(['off', 'claimed', 'proven'] as const).map((state) => (
          <span className="flag-legend" key={state} title={stateText[state]}>
            <FlagSign state={state} /> {count(state)} {state}
          </span>
        ))}
        {could > 0 && (
          <span className="flag-legend" title="Off, but the kernel would earn it">
            <FlagSign state="off" couldBe /> {could} could be
          </span>
        )}
      </span>
      <label className="manifest-search">
        <span className="visually-hidden">Find a variant</span>
        <input
          className="input"
          type="search"
          placeholder={`Find in ${variants.length} variants`}
          spellCheck={false}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="button button-quiet"
        aria-pressed={isManifestJsonShown}
        onClick={() => setLayout({ isManifestJsonShown: !isManifestJsonShown })}
      >
        <Icon name="braces" size={13} /> JSON
      </button>
    </div>
  )
}

function StaleBanner() {
  const { isCatalogStale, catalogProblems, lintProblems, manifestId } = useParts(
    'isCatalogStale',
    'catalogProblems',
    'lintProblems',
    'manifestId',
  )
  if (!isCatalogStale) return null
  const cause = mergeProblems(catalogProblems, lintProblems).find((problem) => problem.severity === 'error')
  const id = cause?.documentId ?? manifestId
  return (
    <div className="note note-warn manifest-stale" role="alert">
      <Icon name="warning" />
      <span className="note-body">
        <strong>The manifest cannot be read; this is its last good state.</strong> {cause && problemText(cause)}
      </span>
      {id && cause?.line !== undefined && (
        <button type="button" className="button" onClick={() => void goToLocation(id, cause.line, cause.column)}>
          Go to line {cause.line}
        </button>
      )}
    </div>
  )
}

function ManifestJson({ manifestId, size }: { manifestId: string; size: number }) {
  const document = useLab((state) => state.open.find((candidate) => candidate.id === manifestId))
  const isMerging = useLab((state) => state.merges[manifestId] !== undefined)
  useEffect(() => void openDocument(manifestId, { isActivated: false }), [manifestId])
  return (
    <section className="manifest-json" style={{ flexBasis: size }} aria-label="Manifest as JSON">
      <div className="manifest-json-head">
        <span className="truncate mono">{document?.path}</span>
        {document?.isDirty && <span className="tree-dirty" title="Unsaved" />}
        <button
          type="button"
          className="button"
          disabled={!document?.isDirty}
          onClick={() => void saveDocument(manifestId)}
        >
          Save
        </button>
      </div>
      {document?.isConflicted && (
        <div className="note note-warn manifest-stale" role="alert">
          <Icon name="warning" />
          <span className="note-body">Changed on disk while it had unsaved text here.</span>
          {!isMerging && (
            <button type="button" className="button" onClick={() => void beginMerge(manifestId)}>
              Merge…
            </button>
          )}
        </div>
      )}
      <div className="editor-host">
        <SideEditor documentId={manifestId} label="Manifest JSON" />
      </div>
    </section>
  )
}

function NoManifest() {
  return (
    <div className="empty">
      <strong>This workspace has no manifest</strong>
      <span>A variants_enhanced.json says which kernels exist and what each may be asked to do.</span>
    </div>
  )
}
