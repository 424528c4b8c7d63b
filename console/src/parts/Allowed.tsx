// What not everybody may see, or why somebody does not: nothing is asked for that the server would refuse.
import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Need, useMay } from '../api/session'
import { useCommon } from '../texts/common'
import { Empty } from './States'

export function Allowed({ needs, children }: { needs: Need; children: ReactNode }) {
  const t = useCommon()
  const may = useMay()
  if (may(needs)) return children
  return (
    <Empty icon={Lock} title={t.problems.forbidden}>
      {needs === 'whole' ? t.needsWhole : t.notAllowed(t.permission[needs])}
    </Empty>
  )
}
