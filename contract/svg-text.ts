import type { BarChart, ChartShape, ChartTone } from './bar-chart.ts'

/** Colours of a written chart, and the font that its reader may have. */
export type ChartColors = Record<ChartTone | 'background', string>

/** Readable on paper, and where nothing is known of the page around it. */
export const paperColors: ChartColors = {
  background: '#ffffff',
  text: '#1f252d',
  muted: '#4e5a69',
  track: '#e9edf2',
  interval: '#1f252d',
  kernel: '#1c66d6',
  baseline: '#9a6a1f',
  roof: '#12693b',
  reference: '#7a4fb5',
}

const margin = 16
const headHeight = 26

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function shapeText(shape: ChartShape, colors: ChartColors): string {
  const color = colors[shape.tone]
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" fill="${color}"/>`
    case 'line':
      return `<line x1="${shape.x1}" y1="${shape.y1}" x2="${shape.x2}" y2="${shape.y2}" stroke="${color}"/>`
    case 'text':
      return `<text x="${shape.x}" y="${shape.y}" fill="${color}"${shape.isStrong ? ' font-weight="600"' : ''}>${escaped(shape.text)}</text>`
  }
}

/** A chart as an SVG file that needs nothing else: `title` above it, `description` for whoever cannot see it. */
export function svgText(chart: BarChart, about: { title: string; description: string; colors?: ChartColors }): string {
  const { title, description, colors = paperColors } = about
  const width = chart.width + 2 * margin
  const height = chart.height + headHeight + 2 * margin
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="Inter, system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${colors.background}"/>`,
    `<text x="${margin}" y="${margin + 12}" fill="${colors.text}" font-size="13" font-weight="600">${escaped(title)}</text>`,
    `<g transform="translate(${margin} ${margin + headHeight})">`,
    ...chart.shapes.map((shape) => shapeText(shape, colors)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}
