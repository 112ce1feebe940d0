import { useEffect, useState } from 'react'

const names = {
  text3: '--text-3',
  line: '--line',
  kernel: '--series-kernel',
  baseline: '--series-baseline',
  surface: '--surface',
  bad: '--bad',
  font: '--font-ui',
} as const

export type ThemeColors = Record<keyof typeof names, string>

/** The theme's colours as text, for canvases; renewed when the theme changes. */
export function useThemeColors(): ThemeColors {
  const [colors, setColors] = useState(readColors)
  useEffect(() => {
    const observer = new MutationObserver(() => setColors(readColors()))
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => observer.disconnect()
  }, [])
  return colors
}

function readColors(): ThemeColors {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(
    Object.entries(names).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()]),
  ) as ThemeColors
}
