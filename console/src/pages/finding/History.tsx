// What happened to a finding, the newest first.
import type { Schemas } from '../../api/client'
import { Time } from '../../parts/Time'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { finding as en } from '../../texts/en/finding'
import { finding as ja } from '../../texts/ja/finding'
import styles from './Finding.module.css'

export function History({ of }: { of: Schemas['FindingChange'][] }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  return (
    <ol className={styles.history}>
      {[...of].reverse().map((it, index) => (
        <li key={`${it.At} ${it.Change} ${String(index)}`}>
          <strong>{common.change[it.Change]}</strong>
          <Why of={it} />
          <div className={styles.meta}>
            <Time at={it.At} look="moment" />
            {it.Who && ` · ${t.by(it.Who)}`}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** The server writes what changed in English: what people need of it is said in the reader's language. */
function Why({ of: { Change: change, Why: why } }: { of: Schemas['FindingChange'] }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  if (why === '') return null
  const [, from = '', to = '', said] = /^(?:(\w+) )?to ([^:]+)(?:: ([\s\S]*))?$/.exec(why) ?? []
  const words: Record<string, string | undefined> =
    change === 'WORKFLOW_CHANGED' ? common.workflow : change === 'SEVERITY_CHANGED' ? common.severity : {}
  const told =
    change === 'ASSIGNED' && to !== ''
      ? t.assignedTo(to === 'nobody' ? common.nobody : to)
      : words[from] && words[to] && t.fromTo(words[from], words[to])
  const reason = (t.reasons as Record<string, string | undefined>)[why]
  if (reason) return <div>{reason}</div>
  if (!told) return <div lang={change === 'COMMENTED' ? undefined : 'en'}>{why}</div>
  return (
    <>
      <div>{told}</div>
      {said && <div>{said}</div>}
    </>
  )
}
