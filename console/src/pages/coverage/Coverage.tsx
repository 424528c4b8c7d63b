// What a scan could not see, and why.
import { queryOptions, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Radar, SearchX, ShieldCheck } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useAccountNames } from '../../api/names'
import { accountsQuery, scansQuery } from '../../api/queries'
import { faredOf } from '../../api/scanState'
import { Badge, type Tone } from '../../parts/Badge'
import { column, DataTable } from '../../parts/DataTable'
import { Check, SearchField, Select } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Toolbar } from '../../parts/Toolbar'
import { useTexts } from '../../texts'
import { useCommon } from '../../texts/common'
import { coverage as en } from '../../texts/en/coverage'
import { useFormats } from '../../texts/format'
import { coverage as ja } from '../../texts/ja/coverage'
import styles from './Coverage.module.css'
import type { search } from './search'

const route = getRouteApi('/signed-in/coverage')

type Gap = Schemas['CallCoverage']

const facts: Gap['Status'][] = ['READ', 'ABSENT', 'UNAVAILABLE']
const tones: Partial<Record<Gap['Status'], Tone>> = { DENIED: 'bad', FAILED: 'bad', THROTTLED: 'warn' }

function coverageQuery(id: number) {
  return queryOptions({
    queryKey: ['coverage', id],
    queryFn: () => answer(client.GET('/api/scans/{id}/coverage', { params: { path: { id } } })),
  })
}

export default function Coverage() {
  const t = useTexts({ en, ja })
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Loaded from={useQuery(scansQuery)}>
        {(scans) =>
          scans.length === 0 ? (
            <Empty icon={Radar} title={t.noScanTitle}>
              {t.noScan}
            </Empty>
          ) : (
            <Scans of={scans} />
          )
        }
      </Loaded>
    </>
  )
}

function Scans({ of: scans }: { of: Schemas['ScanLine'][] }) {
  const t = useTexts({ en, ja })
  const format = useFormats()
  const chosen = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (part: Partial<ReturnType<typeof search>>) =>
      void navigate({ to: '.', search: (before) => ({ ...before, ...part }), replace: true }),
    [navigate],
  )
  const setText = useCallback((text: string) => change({ text: text || undefined }), [change])
  const scan = scans.find((it) => String(it.Id) === chosen.scan) ?? scans[0]
  if (!scan) return null
  return (
    <>
      <Toolbar>
        <SearchField label={t.search} value={chosen.text ?? ''} onChange={setText} />
        <Select
          isBare
          label={t.scan}
          value={String(scan.Id)}
          options={scans.map(
            (it) =>
              [String(it.Id), t.scanName(String(it.Id), it.Finished ? format.moment(it.Finished) : t.running)] as const,
          )}
          onChange={(it) => change({ scan: it })}
        />
        <Check label={t.facts} value={chosen.facts ?? false} onChange={(it) => change({ facts: it || undefined })} />
      </Toolbar>
      <Gaps scan={scan} />
    </>
  )
}

function Gaps({ scan }: { scan: Schemas['ScanLine'] }) {
  const t = useTexts({ en, ja })
  const common = useCommon()
  const format = useFormats()
  const accountName = useAccountNames()
  const { text = '', facts: withFacts = false, sort } = route.useSearch()
  const navigate = route.useNavigate()
  const asked = useQuery(coverageQuery(scan.Id))
  const columns = useMemo(
    () => [
      column<Gap>(
        'account',
        common.account,
        (it) => (
          <Link to="/accounts/$id" params={{ id: it.Account }}>
            {accountName(it.Account)}
          </Link>
        ),
        { width: 'minmax(0, 11rem)' },
        (it) => accountName(it.Account),
      ),
      column<Gap>(
        'region',
        common.region,
        (it) => (it.Region === 'global' ? common.global : it.Region),
        { width: '8rem' },
        (it) => it.Region,
      ),
      column<Gap>(
        'call',
        t.call,
        (it) => <code>{it.Call}</code>,
        { width: 'minmax(0, 1.3fr)', phone: 'whole' },
        (it) => it.Call,
      ),
      column<Gap>(
        'why',
        t.why,
        (it) => (
          <>
            <Badge tone={tones[it.Status] ?? 'quiet'}>{t.reasons[it.Status]}</Badge>{' '}
            {'Permission' in it && <code>{it.Permission}</code>}
            {'Code' in it && <code>{it.Code}</code>}
          </>
        ),
        { width: 'minmax(0, 1fr)' },
        (it) => t.reasons[it.Status],
      ),
      column<Gap>(
        'times',
        t.times,
        (it) => format.number(it.Count),
        { width: '4rem', align: 'end' },
        (it) => it.Count,
      ),
    ],
    [t, common, format, accountName],
  )
  return (
    <Loaded from={asked}>
      {(data) => {
        const meant = data.Gaps.filter((it) => withFacts || !facts.includes(it.Status))
        const rows = meant.filter((it) =>
          `${it.Account} ${accountName(it.Account)} ${it.Region} ${it.Call}`.toLowerCase().includes(text.toLowerCase()),
        )
        return (
          <>
            <Numbers scan={scan} of={data} />
            {meant.length === 0 && (
              <Empty icon={ShieldCheck} title={t.emptyTitle}>
                {t.empty}
              </Empty>
            )}
            {meant.length > 0 && rows.length === 0 && <Empty icon={SearchX} title={t.nothingFound} />}
            {rows.length > 0 && (
              <DataTable
                label={t.gaps}
                rows={rows}
                columns={columns}
                getKey={(it) => `${it.Account} ${it.Region} ${it.Call} ${it.Status}`}
                sort={sort}
                onSort={(it) =>
                  void navigate({ to: '.', search: (before) => ({ ...before, sort: it }), replace: true })
                }
                footer={data.IsCut ? t.cut : undefined}
              />
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Numbers({ scan, of }: { scan: Schemas['ScanLine']; of: Schemas['CoverageList'] }) {
  const t = useTexts({ en, ja })
  const format = useFormats()
  const { data: accounts } = useQuery(accountsQuery)
  const unreachable = accounts?.filter((it) => faredOf(it)?.state === 'UNREACHABLE').length ?? 0
  const gaps = of.Gaps.filter((it) => !facts.includes(it.Status)).reduce((sum, it) => sum + it.Count, 0)
  const numbers: [string, number, boolean][] = [
    [t.accounts, scan.Accounts, false],
    [t.unreachable, unreachable, unreachable > 0],
    [t.rules, scan.Rules, false],
    [t.read, of.Read, false],
    [t.gaps, gaps, gaps > 0],
  ]
  return (
    <dl className={styles.numbers}>
      {numbers.map(([name, number, isBad]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={isBad ? styles.bad : ''}>{format.number(number)}</dd>
        </div>
      ))}
    </dl>
  )
}
