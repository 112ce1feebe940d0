import { type RefCallback, useCallback, useState } from 'react'

interface Measured {
  ref: RefCallback<HTMLElement>
  width: number
  height: number
}

/** Content size in CSS pixels of the element that `ref` is given to, kept up to date; 0 × 0 before it was laid out. */
export function useSize(): Measured {
  const [size, setSize] = useState({ width: 0, height: 0 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ref, ...size }
}
