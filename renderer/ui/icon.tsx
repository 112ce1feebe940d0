const paths = {
  play: 'M5 3.5v9l7.5-4.5z',
  stop: 'M4.5 4.5h7v7h-7z',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  chevron: 'M6 4l4 4-4 4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14',
  error: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 4.8v3.8M8 10.9v.3',
  warning: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.3',
  info: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM8 7.4v3.8M8 4.8v.3',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  file: 'M4 1.8h5L12.5 5.3v8.9H4zM8.8 1.8v3.7h3.7',
  folder: 'M1.8 4v8.8h12.4V5.2H7.6L6.2 3.6H1.8z',
  kernel:
    'M4.5 4.5h7v7h-7zM6.5 1.8v2.7M9.5 1.8v2.7M6.5 11.5v2.7M9.5 11.5v2.7M1.8 6.5h2.7M1.8 9.5h2.7M11.5 6.5h2.7M11.5 9.5h2.7',
  braces:
    'M6 2.5c-1.8 0-1.8 1-1.8 2.6S4 7.6 2.6 8C4 8.4 4.2 9.3 4.2 10.9s0 2.6 1.8 2.6M10 2.5c1.8 0 1.8 1 1.8 2.6S12 7.6 13.4 8c-1.4.4-1.6 1.3-1.6 2.9s0 2.6-1.8 2.6',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.4 4h.2M2.4 8h.2M2.4 12h.2',
  header: 'M5 2.5v11M11 2.5v11M2.5 5.5h11M2.5 10.5h11',
  seal: 'M8 1.8l5 2v4c0 3.2-2 5.2-5 6.4-3-1.2-5-3.2-5-6.4v-4zM5.8 7.8l1.7 1.7 2.9-3',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9',
  moon: 'M13.2 9.6A5.6 5.6 0 1 1 6.4 2.8a4.6 4.6 0 0 0 6.8 6.8z',
  display: 'M2 3h12v8H2zM5.5 13.5h5M8 11v2.5',
  side: 'M2 3h12v10H2zM9.5 3v10',
  bottom: 'M2 3h12v10H2zM2 9h12',
  sidebar: 'M2 3h12v10H2zM6 3v10',
  maximise: 'M9.5 2.5h4v4M6.5 13.5h-4v-4M13.2 2.8 9.4 6.6M2.8 13.2l3.8-3.8',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3h-3',
} as const

export type IconName = keyof typeof paths

interface Props {
  name: IconName
  size?: number
}

const filled: ReadonlySet<IconName> = new Set(['play', 'stop'])

/** A decorative 16-unit line icon; the control around it has the name. */
export function Icon({ name, size = 15 }: Props) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill={filled.has(name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  )
}
