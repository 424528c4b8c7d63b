// A text as a QR code, drawn as one path. Dark on light in both themes: cameras want it so.
import encode from 'qr'
import { useMemo } from 'react'

export function QrCode({ text, label }: { text: string; label: string }) {
  const dots = useMemo(() => encode(text, 'raw', { ecc: 'medium', border: 3 }), [text])
  const path = dots.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      role="img"
      aria-label={label}
      width="176"
      height="176"
      viewBox={`0 0 ${dots.length} ${dots.length}`}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" rx="2" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
