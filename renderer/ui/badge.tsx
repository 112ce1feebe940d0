import type { ReactNode } from 'react'

interface Props {
  tone: 'good' | 'warn' | 'bad' | 'accent' | 'plain'
  title?: string
  children: ReactNode
}

/** One word about the state of something. */
export function Badge({ tone, title, children }: Props) {
  return (
    <span className={tone === 'plain' ? 'badge' : `badge badge-${tone}`} title={title}>
      {children}
    </span>
  )
}
