// A state or a sort in a few letters.
import type { ReactNode } from 'react'
import type { Schemas } from '../api/client'
import { useCommon } from '../texts/common'
import styles from './Badge.module.css'

export type Tone = 'quiet' | 'good' | 'bad' | 'warn' | 'accent' | 'outline'

export function Badge({
  tone = 'quiet',
  children,
  title,
}: {
  tone?: Tone
  children: ReactNode
  title?: string | undefined
}) {
  return (
    <span className={`${styles.badge} ${tone === 'quiet' ? '' : styles[tone]}`} title={title}>
      {children}
    </span>
  )
}

const tones: Record<Schemas['Workflow'], Tone> = {
  NEW: 'accent',
  NOTIFIED: 'outline',
  SUPPRESSED: 'quiet',
  RESOLVED: 'good',
}

/** Where a finding stands: that it ended says more than what people did about it before. */
export function State({ of }: { of: { RecordState: Schemas['RecordState']; Workflow: Schemas['Workflow'] } }) {
  const t = useCommon()
  if (of.RecordState === 'ARCHIVED') return <Badge tone="good">{t.record.ARCHIVED}</Badge>
  return <Badge tone={tones[of.Workflow]}>{t.workflow[of.Workflow]}</Badge>
}
