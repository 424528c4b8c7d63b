// What the last scan could not see. It stands on the first page because a good score over half an estate is none.
import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { useTexts } from '../../texts'
import { coverage as en } from '../../texts/en/coverage'
import { useFormats } from '../../texts/format'
import { coverage as ja } from '../../texts/ja/coverage'
import styles from './Home.module.css'
import { Lines, Nothing, Panel } from './Panel'
import { useHomeTexts } from './words'

export function Gaps({ of: { Gaps: gaps } }: { of: Schemas['Home'] }) {
  const t = useHomeTexts()
  const words = useTexts({ en, ja })
  const format = useFormats()
  const accountName = useAccountNames()
  const reasons = words.reasons as Record<string, string | undefined>
  const unreachable = gaps.Unreachable.slice(0, 4)
  return (
    <Panel title={t.gaps} more={t.toCoverage} to="/coverage">
      {gaps.Failed === 0 && gaps.Unreachable.length === 0 ? (
        <Nothing>{t.noGaps}</Nothing>
      ) : (
        <Lines>
          {unreachable.map((it) => (
            <li key={it}>
              <Link to="/accounts/$id" params={{ id: it }} className={styles.line ?? ''}>
                <span className={styles.what}>{accountName(it)}</span>
                <span className={`${styles.when} ${styles.bad}`}>{t.unreachable}</span>
              </Link>
            </li>
          ))}
          {gaps.Calls.slice(0, Math.max(2, 5 - unreachable.length)).map((it) => (
            <li key={`${it.Call} ${it.Status}`}>
              <Link to="/coverage" search={{ text: it.Call }} className={styles.line ?? ''}>
                <span className={`${styles.what} ${styles.cut}`} translate="no" title={it.Call}>
                  {it.Call}
                </span>
                <span className={styles.when}>
                  {reasons[it.Status] ?? it.Status} · {t.inAccounts(it.Accounts, format.number(it.Accounts))}
                </span>
              </Link>
            </li>
          ))}
        </Lines>
      )}
      {gaps.Failed > 0 && (
        <p className={styles.foot}>{t.gapsLead(format.number(gaps.Failed), format.number(gaps.Read))}</p>
      )}
    </Panel>
  )
}
