// A value over time, as a line. The picture comes after the page, in a chunk of its own; until then its place is kept.
import { lazy, Suspense } from 'react'

export type Point = { at: string; value: number | null }

const Canvas = lazy(() => import('./TrendCanvas'))

type Props = {
  points: readonly Point[]
  /** What the picture says, in a sentence, for those who do not see it. */
  description: string
  /** What stands beside a point that is pointed at. */
  describe: (point: Point) => string
  height?: number
  /** Whether values are counts, which have no end; scores end at a hundred. */
  areCounts?: boolean
}

export function TrendChart({ height = 148, description, ...rest }: Props) {
  return (
    <div role="img" aria-label={description} style={{ height }}>
      <Suspense>
        <Canvas {...rest} />
      </Suspense>
    </div>
  )
}
