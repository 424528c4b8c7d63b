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
          {it.Why !== '' && <div>{it.Why}</div>}
          <div className={styles.meta}>
            <Time at={it.At} look="moment" />
            {it.Who && ` · ${t.by(it.Who)}`}
          </div>
        </li>
      ))}
    </ol>
  )
}
