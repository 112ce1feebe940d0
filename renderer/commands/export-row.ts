import { type ExportedRow, type RowExportFormat, rowExport } from '#contract/row-export.ts'
import { useLab } from '../state/store.ts'
import { saveBlob, saveFile } from './save-file.ts'

export type SavedFormat = RowExportFormat | 'png'

const kinds: Record<SavedFormat, { extension: string; type: string }> = {
  markdown: { extension: 'md', type: 'text/markdown' },
  csv: { extension: 'csv', type: 'text/csv' },
  json: { extension: 'json', type: 'application/json' },
  svg: { extension: 'svg', type: 'image/svg+xml' },
  png: { extension: 'png', type: 'image/png' },
}

/** Pixels of a picture for each of the drawing's. */
const pngScale = 2

/** Gives a row, or a comparison, to the person as a file. */
export async function exportRow(format: SavedFormat, exported: ExportedRow): Promise<void> {
  const { extension, type } = kinds[format]
  const kernel = exported.row.variant.replace(/[^\w.-]+/g, '-')
  const name = `${kernel}${exported.reference ? '-compared' : ''}-${exported.row.startedAt.slice(0, 10)}.${extension}`
  if (format !== 'png') return saveFile({ name, text: rowExport(format, exported), type })
  const picture = await pictureOf(rowExport('svg', exported))
  if (picture) saveBlob(name, picture)
  else useLab.getState().notify('error', 'The picture could not be drawn. Export it as SVG instead.')
}

async function pictureOf(svg: string): Promise<Blob | null> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode().catch(() => {})
  if (image.width === 0) return null
  const canvas = document.createElement('canvas')
  canvas.width = image.width * pngScale
  canvas.height = image.height * pngScale
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((done) => canvas.toBlob(done, 'image/png'))
}
