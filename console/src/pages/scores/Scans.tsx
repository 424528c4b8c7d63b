// The scans behind the line, as a table: the same for those who do not see the picture.
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { RowLink } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { useFormats } from '../../texts/format'
import { useScoresTexts } from './words'

type Scan = Schemas['TrendPoint']

export function Scans({ of: scans }: { of: Scan[] }) {
  const t = useScoresTexts()
  const format = useFormats()
  const rows = useMemo(() => scans.toReversed(), [scans])
  const columns = useMemo(
    () => [
      column<Scan>(
        'scan',
        t.scan,
        (it) => (
          <RowLink to="/coverage" search={{ scan: String(it.Scan) }}>
            {format.moment(it.Started)}
          </RowLink>
        ),
        { phone: 'whole' },
      ),
      column<Scan>('score', t.score, (it) => (typeof it.Score === 'number' ? format.percent(it.Score) : '–'), {
        width: '5rem',
        align: 'end',
      }),
      column<Scan>('violations', t.violations, (it) => format.number(it.Violations), { width: '6rem', align: 'end' }),
      column<Scan>('unknown', t.unknown, (it) => format.number(it.Unknown), { width: '6rem', align: 'end' }),
      column<Scan>('accounts', t.accounts, (it) => format.number(it.Accounts), { width: '6rem', align: 'end' }),
    ],
    [t, format],
  )
  return <DataTable label={t.scans} rows={rows} columns={columns} getKey={(it) => String(it.Scan)} isLinked />
}
