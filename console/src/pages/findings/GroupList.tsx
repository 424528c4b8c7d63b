// Findings by what they have in common: a line for each rule, account, project or framework, the worst first.
import { Link } from '@tanstack/react-router'
import { Layers } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { useAccountNames, useRuleTitles } from '../../api/names'
import { column, DataTable } from '../../parts/DataTable'
import { SeverityBar, SeverityCounts } from '../../parts/Severity'
import { Empty } from '../../parts/States'
import { useCommon } from '../../texts/common'
import { useFindingsTexts } from '../../texts/findings'
import { useFormats } from '../../texts/format'
import styles from './Findings.module.css'
import type { FindingsSearch } from './search'

type Count = Schemas['Count']
type Grouping = NonNullable<FindingsSearch['group']>

type Props = { by: Grouping; counts: Schemas['Counts']; search: FindingsSearch }

const lists = { rule: 'Rules', account: 'Accounts', project: 'Projects', framework: 'Frameworks' } as const

export function GroupList({ by, counts, search }: Props) {
  const t = useFindingsTexts()
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const ruleTitle = useRuleTitles()
  const rows = counts[lists[by]]
  const columns = useMemo(() => {
    const most = Math.max(1, ...rows.map((it) => it.Total))
    const name = (it: Count) =>
      it.Name || (by === 'rule' ? ruleTitle(it.Id) : by === 'account' ? accountName(it.Id) : undefined) || it.Id
    const heading = { rule: common.rule, account: common.account, project: common.project, framework: t.framework }[by]
    return [
      column<Count>(
        'name',
        heading,
        (it) => (
          <>
            <Link
              className={styles.title ?? ''}
              to="/findings"
              search={{ ...search, group: undefined, [by]: [it.Id] }}
              data-row-link=""
            >
              {name(it)}
            </Link>
            {name(it) !== it.Id && <code className={styles.under}>{it.Id}</code>}
          </>
        ),
        { phone: 'whole' },
      ),
      column<Count>('severities', common.severityLabel, (it) => <SeverityCounts of={it.Severities} />, {
        width: by === 'rule' ? '5rem' : '14.5rem',
      }),
      column<Count>(
        'bar',
        '',
        (it) => (
          <span className={styles.barCell} style={{ width: `${(it.Total / most) * 100}%` }}>
            <SeverityBar of={it.Severities} />
          </span>
        ),
        { width: by === 'rule' ? '8rem' : '5rem', phone: 'hide' },
      ),
      column<Count>('total', common.findings, (it) => format.number(it.Total), { width: '5rem', align: 'end' }),
    ]
  }, [by, rows, search, t, common, format, accountName, ruleTitle])
  if (rows.length === 0)
    return (
      <Empty icon={Layers} title={t.emptyTitle}>
        {t.emptyGroups}
      </Empty>
    )
  return (
    <DataTable label={t.grouped[by]} rows={rows} columns={columns} getKey={(it) => it.Id} isLinked rowHeight={55} />
  )
}
