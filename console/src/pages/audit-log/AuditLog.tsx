// Every change and sign-in, the newest first.
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { FileClock } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { Allowed } from '../../parts/Allowed'
import { Badge } from '../../parts/Badge'
import { Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { SearchField } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Failed, SkeletonRows } from '../../parts/States'
import { Time } from '../../parts/Time'
import { Toolbar } from '../../parts/Toolbar'
import { useTexts } from '../../texts'
import { audit as en } from '../../texts/en/audit'
import { audit as ja } from '../../texts/ja/audit'

const route = getRouteApi('/signed-in/audit-log')
const page = 200

type Entry = Schemas['AuditEntry']

function auditQuery(who: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['audit', who],
    staleTime: 0,
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) =>
      (await answer(client.GET('/api/audit-log', { params: { query: { who, before: pageParam, limit: page } } })))
        .Entries,
    getNextPageParam: (entries) => (entries.length < page ? undefined : entries.at(-1)?.Id),
  })
}

export default function AuditLog() {
  const t = useTexts({ en, ja })
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Allowed needs="administer">
        <Log />
      </Allowed>
    </>
  )
}

function Log() {
  const t = useTexts({ en, ja })
  const { who } = route.useSearch()
  const navigate = route.useNavigate()
  const asked = useInfiniteQuery(auditQuery(who))
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked
  const setWho = useCallback(
    (it: string) => void navigate({ to: '.', search: { who: it || undefined }, replace: true }),
    [navigate],
  )
  const reachEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  const actions = t.actions as Record<string, string | undefined>
  const columns = useMemo(
    () => [
      column<Entry>('when', t.when, (it) => <Time at={it.At} look="moment" />, { width: '10.5rem' }),
      column<Entry>('who', t.who, (it) => it.Who || t.nobody, { width: 'minmax(0, 10rem)' }),
      column<Entry>(
        'what',
        t.action,
        (it) => (
          <>
            {actions[it.Action] ?? <code>{it.Action}</code>}
            <Under>
              <code>{it.What !== '' && !it.Action.endsWith(` ${it.What}`) ? it.What : it.Action}</code>
            </Under>
          </>
        ),
        { phone: 'whole' },
      ),
      column<Entry>('from', t.from, (it) => <code>{it.Address}</code>, { width: 'minmax(0, 9rem)' }),
      column<Entry>('outcome', t.outcome, (it) => <Outcome of={it} />, { width: '8rem' }),
    ],
    [t, actions],
  )
  const rows = asked.data?.pages.flat()
  return (
    <>
      <Toolbar>
        <SearchField label={t.filter} value={who ?? ''} onChange={setWho} />
      </Toolbar>
      {rows === undefined &&
        (asked.error ? <Failed error={asked.error} retry={() => asked.refetch()} /> : <SkeletonRows />)}
      {rows?.length === 0 && (
        <Empty icon={FileClock} title={t.emptyTitle}>
          {t.empty}
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          getKey={(it) => String(it.Id)}
          rowHeight={55}
          onReachEnd={reachEnd}
        />
      )}
    </>
  )
}

function Outcome({ of: { Status: status } }: { of: Entry }) {
  const t = useTexts({ en, ja })
  if (status === null || status === undefined) return <Badge>{t.unfinished}</Badge>
  // Whom an identity provider's word does not let in is sent on to be told why.
  if (status < 300) return <Badge tone="good">{t.done}</Badge>
  return <Badge tone="bad">{t.refused(String(status))}</Badge>
}
