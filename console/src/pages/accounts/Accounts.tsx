// Every account, and the projects that they belong to.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Building2, FolderKanban } from 'lucide-react'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client'
import { accountsQuery, projectsQuery } from '../../api/queries'
import { RowLink, Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { PageHeader } from '../../parts/Page'
import { SearchedTable } from '../../parts/SearchedTable'
import { SeverityCounts } from '../../parts/Severity'
import { Empty, Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { useAccountTexts } from '../../texts/accounts'
import { useFormats } from '../../texts/format'
import { countsQuery } from '../findings/queries'
import { ScanState } from './ScanState'
import { tabs } from './search'

const route = getRouteApi('/signed-in/accounts')

type Account = Schemas['AccountDetail']

export default function Accounts() {
  const t = useAccountTexts()
  const format = useFormats()
  const { tab = 'accounts' } = route.useSearch()
  const accounts = useQuery(accountsQuery)
  const projects = useQuery(projectsQuery)
  const numbers = { accounts: accounts.data?.length, projects: projects.data?.length }
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Tabs
        label={t.tabs}
        current={tab}
        tabs={tabs.map((id) => ({ id, name: t[id], count: format.number(numbers[id] ?? 0) }))}
      />
      {tab === 'projects' ? (
        <Loaded from={projects}>{(data) => <Projects of={data} />}</Loaded>
      ) : (
        <Loaded from={accounts}>{(data) => <List of={data} />}</Loaded>
      )}
    </>
  )
}

function List({ of: accounts }: { of: Account[] }) {
  const t = useAccountTexts()
  const format = useFormats()
  const counts = useQuery(countsQuery({})).data?.Accounts
  const open = useMemo(() => new Map(counts?.map((it) => [it.Id, it])), [counts])
  const columns = useMemo(
    () => [
      column<Account>(
        'name',
        t.account,
        ({ Account: it }) => (
          <>
            <RowLink to="/accounts/$id" params={{ id: it.Id }}>
              {it.Name || it.Id}
            </RowLink>
            <Under>
              <span className="numbers">{it.Id}</span>
              {it.Management && ` · ${t.management}`}
            </Under>
          </>
        ),
        { width: 'minmax(0, 1.3fr)', phone: 'whole' },
        ({ Account: it }) => it.Name || it.Id,
      ),
      column<Account>(
        'unit',
        t.unit,
        (it) => it.Account.OuPath,
        { phone: 'hide' },
        (it) => it.Account.OuPath ?? '',
      ),
      column<Account>('scan', t.scan, (it) => <ScanState of={it} />, { width: '8rem' }),
      column<Account>(
        'resources',
        t.resources,
        (it) => (it.Scan ? format.number(it.Scan.Resources) : '—'),
        { width: '5.5rem', align: 'end', phone: 'hide' },
        (it) => it.Scan?.Resources ?? 0,
      ),
      column<Account>(
        'open',
        t.open,
        (it) => <SeverityCounts of={open.get(it.Account.Id)?.Severities ?? {}} />,
        { width: '14rem' },
        (it) => open.get(it.Account.Id)?.Total ?? 0,
      ),
    ],
    [t, format, open],
  )
  if (accounts.length === 0) {
    return (
      <Empty icon={Building2} title={t.emptyTitle}>
        {t.empty}
      </Empty>
    )
  }
  return (
    <SearchedTable
      label={t.accounts}
      searchLabel={t.search}
      nothingFound={t.nothingFound}
      rows={accounts}
      wordsOf={wordsOf}
      columns={columns}
      getKey={(it) => it.Account.Id}
    />
  )
}

function wordsOf({ Account: it, Projects: projects }: Account): string {
  const tags = Object.entries(it.Tags ?? {}).map(([key, value]) => `${key}=${value}`)
  return [it.Id, it.Name ?? '', it.OuPath ?? '', ...projects, ...tags].join(' ')
}

function Projects({ of: projects }: { of: Schemas['ProjectAccounts'][] }) {
  const t = useAccountTexts()
  const format = useFormats()
  const counts = useQuery(countsQuery({})).data?.Projects
  const columns = useMemo(
    () => [
      column<Schemas['ProjectAccounts']>(
        'name',
        t.project,
        (it) => (
          <>
            <RowLink to="/findings" search={{ project: [it.Name] }}>
              {it.Name}
            </RowLink>
            <Under>{format.list(it.Accounts.slice(0, 6).map((one) => one.Name || one.Id))}</Under>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Schemas['ProjectAccounts']>('accounts', t.memberAccounts, (it) => format.number(it.Accounts.length), {
        width: '6rem',
        align: 'end',
      }),
      column<Schemas['ProjectAccounts']>(
        'open',
        t.open,
        (it) => <SeverityCounts of={counts?.find((one) => one.Id === it.Name)?.Severities ?? {}} />,
        { width: '14rem' },
      ),
    ],
    [t, format, counts],
  )
  if (projects.length === 0) {
    return (
      <Empty icon={FolderKanban} title={t.noProjectsTitle}>
        {t.noProjects}
      </Empty>
    )
  }
  return (
    <DataTable label={t.projects} rows={projects} columns={columns} getKey={(it) => it.Name} isLinked rowHeight={55} />
  )
}
