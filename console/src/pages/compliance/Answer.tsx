// A requirement's answer: by colour, by shape and by word. A tick, a cross in a filled square, a question mark, a hand's
// "M", a dash: told apart without colour, and at a glance within a thousand of them.
import type { Schemas } from '../../api/client'
import { useComplianceTexts } from '../../texts/compliance'
import { useFormats } from '../../texts/format'
import styles from './Answer.module.css'

export type AnswerName = Schemas['Answer']

/** From the worst to what concerns nobody. */
export const answerOrder: AnswerName[] = ['NON_COMPLIANT', 'INSUFFICIENT_DATA', 'MANUAL', 'COMPLIANT', 'NOT_APPLICABLE']

const letters: Record<string, AnswerName> = {
  C: 'COMPLIANT',
  N: 'NON_COMPLIANT',
  A: 'NOT_APPLICABLE',
  I: 'INSUFFICIENT_DATA',
  M: 'MANUAL',
}

export function answerOf(letter: string | undefined): AnswerName {
  return letters[letter ?? ''] ?? 'INSUFFICIENT_DATA'
}

export function Mark({ of }: { of: AnswerName }) {
  return (
    <svg className={`${styles.mark} ${styles[of]}`} width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {of === 'NON_COMPLIANT' && (
        <>
          <rect x="1" y="1" width="14" height="14" rx="3" fill="currentColor" />
          <path d="m5 5 6 6m0-6-6 6" className={styles.inside} />
        </>
      )}
      {of === 'COMPLIANT' && <path d="m3.5 8.4 3 3 6-6.6" className={styles.stroke} />}
      {of === 'INSUFFICIENT_DATA' && (
        <>
          <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="3" className={styles.thin} />
          <path d="M6 6.2c0-2.6 4-2.6 4-.2 0 1.6-2 1.6-2 3.2m0 1.7v.6" className={styles.thick} />
        </>
      )}
      {of === 'MANUAL' && (
        <>
          <circle cx="8" cy="8" r="6.25" className={styles.thin} />
          <path d="M5.3 10.8V5.4L8 8.6l2.7-3.2v5.4" className={styles.thick} />
        </>
      )}
      {of === 'NOT_APPLICABLE' && <path d="M5.5 8h5" className={styles.thick} />}
    </svg>
  )
}

export function AnswerWord({ of }: { of: AnswerName }) {
  const t = useComplianceTexts()
  return (
    <span className={`${styles.word} ${styles[of]}`}>
      <Mark of={of} />
      {t.answer[of]}
    </span>
  )
}

/** How many requirements have each answer. */
export function countsOf(totals: Schemas['Totals']): Record<AnswerName, number> {
  return {
    NON_COMPLIANT: totals.NonCompliant,
    INSUFFICIENT_DATA: totals.InsufficientData,
    MANUAL: totals.Manual,
    COMPLIANT: totals.Compliant,
    NOT_APPLICABLE: totals.NotApplicable,
  }
}

/** The same as a bar; the numbers are in its title. */
export function AnswerBar({ of: totals }: { of: Schemas['Totals'] }) {
  const t = useComplianceTexts()
  const format = useFormats()
  const counts = countsOf(totals)
  const shown = answerOrder.toReversed().filter((it) => counts[it] > 0)
  const told = shown.map((it) => `${t.answer[it]} ${format.number(counts[it])}`).join(', ')
  return (
    <span className={styles.bar} role="img" aria-label={told} title={told}>
      {(['COMPLIANT', 'NON_COMPLIANT', 'INSUFFICIENT_DATA', 'MANUAL', 'NOT_APPLICABLE'] as const)
        .filter((it) => counts[it] > 0)
        .map((it) => (
          <span key={it} className={styles[it]} style={{ flexGrow: counts[it] }} />
        ))}
    </span>
  )
}
