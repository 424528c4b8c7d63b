// The condition of a rule as a tree: each part with the value that it had. What made the difference is open at first.
import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Schemas } from '../../api/client'
import { useExplanationTexts } from '../../texts/explanation'
import { Why } from './Try'
import styles from './Try.module.css'

type Step = Schemas['ConditionStep']

export function Conditions({ of }: { of: Schemas['LabelledStep'][] }) {
  const t = useExplanationTexts()
  return (
    <div className={styles.conditions}>
      {of.map((it, index) => (
        <div key={`${it.Label} ${String(index)}`}>
          <h3>{(t.labels as Record<string, string | undefined>)[it.Label] ?? it.Label}</h3>
          <ul>
            <Part of={it.Step} depth={0} isNotable />
          </ul>
        </div>
      ))}
    </div>
  )
}

function Part({ of: it, depth, isNotable }: { of: Step; depth: number; isNotable: boolean }) {
  const t = useExplanationTexts()
  const [isOpen, setOpen] = useState(isNotable && depth < 4)
  const hasParts = it.Parts.length > 0
  // Of parts that are true or false, those that share the answer of the whole decide it.
  const isDeciding = (part: Step) =>
    typeof part.Value !== 'boolean' || typeof it.Value !== 'boolean' || depth === 0 || part.Value === it.Value
  return (
    <li className={styles.part}>
      <div className={styles.line}>
        {hasParts ? (
          <button
            type="button"
            className={styles.arrow}
            aria-expanded={isOpen}
            aria-label={isOpen ? t.close : t.open}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? <ChevronDown size={13} /> : <ChevronRight size={13} />}
          </button>
        ) : (
          <span className={styles.arrow} />
        )}
        <code className={styles.expression}>{it.Text}</code>
        <Value of={it} />
      </div>
      {it.Unknown && <Why of={it.Unknown} />}
      {isOpen && hasParts && (
        <ul>
          {it.Parts.map((part, index) => (
            <Part
              key={`${part.Text} ${String(index)}`}
              of={part}
              depth={depth + 1}
              isNotable={isNotable && isDeciding(part)}
            />
          ))}
        </ul>
      )}
    </li>
  )
}

function Value({ of: it }: { of: Step }) {
  const t = useExplanationTexts()
  const [isWhole, setWhole] = useState(false)
  if (it.Unknown) return <span className={styles.unknown}>{t.unknown}</span>
  if (it.IsHidden) return <span className={styles.unknown}>{t.hidden}</span>
  if (it.Value === undefined) return null
  if (typeof it.Value === 'boolean') {
    return <span className={it.Value ? styles.true : styles.false}>{it.Value ? t.isTrue : t.isFalse}</span>
  }
  const whole = JSON.stringify(it.Value, null, 2)
  const short = JSON.stringify(it.Value)
  if (short.length <= 80) return <code className={styles.value}>{short}</code>
  return (
    <button type="button" className={styles.value} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
      <code>{isWhole ? whole : `${short.slice(0, 80)}…`}</code>
    </button>
  )
}
