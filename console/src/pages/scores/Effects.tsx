// The rules that moved the score between the first and the last scan, the strongest first.
import { TrendingUp } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { RowLink, Under } from '../../parts/Cell'
import { Change } from '../../parts/Change'
import { column, DataTable } from '../../parts/DataTable'
import { Empty } from '../../parts/States'
import { useLang } from '../../texts'
import { useFormats } from '../../texts/format'
import styles from './Scores.module.css'
import { useScoresTexts } from './words'

type Effect = Schemas['RuleEffect']

export function Effects({ of: trend }: { of: Schemas['Trend'] }) {
  const t = useScoresTexts()
  const format = useFormats()
  const lang = useLang()
  const columns = useMemo(() => {
    const judged = ({ Failed: bad, Passed: good }: Schemas['Judged']) => (
      <span title={t.judgedHint}>{t.judged(format.number(bad), format.number(bad + good))}</span>
    )
    return [
      column<Effect>(
        'rule',
        t.rule,
        (it) => (
          <>
            <RowLink to="/rules/$id" params={{ id: it.Rule }}>
              {it.Title[lang] || it.Rule}
            </RowLink>
            <Under>
              <code>{it.Rule}</code>
            </Under>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Effect>('points', t.points, (it) => <Change of={it.Points} digits={2} />, {
        width: '5rem',
        align: 'end',
      }),
      column<Effect>('before', t.before, (it) => judged(it.Before), { width: '6.5rem', align: 'end' }),
      column<Effect>('after', t.after, (it) => judged(it.After), { width: '6.5rem', align: 'end' }),
    ]
  }, [t, format, lang])
  const other = trend.PointsByOtherRules
  return (
    <>
      {typeof other === 'number' && (trend.RulesAdded > 0 || trend.RulesRemoved > 0) && (
        <p className={styles.note}>
          {t.otherRules(format.change(other), format.number(trend.RulesAdded), format.number(trend.RulesRemoved))}
        </p>
      )}
      {trend.Rules.length === 0 ? (
        <Empty icon={TrendingUp} title={t.nothing} />
      ) : (
        <DataTable
          label={t.rules}
          rows={trend.Rules}
          columns={columns}
          getKey={(it) => it.Rule}
          isLinked
          rowHeight={55}
        />
      )}
    </>
  )
}
