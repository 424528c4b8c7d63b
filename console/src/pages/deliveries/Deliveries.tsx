// The messages to people: sent, waiting, given up; what failed says why, and is sent again.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { AlertTriangle, SearchX, Send } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useRuleTitles } from '../../api/names'
import { useMay } from '../../api/session'
import { Allowed } from '../../parts/Allowed'
import { Badge, type Tone } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { SearchField } from '../../parts/Field'
import { PageHeader } from '../../parts/Page'
import { Empty, Loaded } from '../../parts/States'
import { Tabs } from '../../parts/Tabs'
import { Time } from '../../parts/Time'
import { useTell } from '../../parts/Toasts'
import { Toolbar } from '../../parts/Toolbar'
import { useCommon } from '../../texts/common'
import { useDeliveriesTexts } from '../../texts/deliveries'
import { useFormats } from '../../texts/format'
import styles from './Deliveries.module.css'
import { Destinations } from './Destinations'
import { tabs } from './search'

const route = getRouteApi('/signed-in/deliveries')
const most = 1_000
const tones: Record<Schemas['DeliveryState'], Tone> = { WAITING: 'accent', SENT: 'good', DEAD: 'bad' }

type Delivery = Schemas['Delivery']

function deliveriesQuery(state: Schemas['DeliveryState'] | undefined) {
  return queryOptions({
    queryKey: ['deliveries', state],
    staleTime: 5_000,
    queryFn: async () =>
      (await answer(client.GET('/api/deliveries', { params: { query: { state, limit: most } } }))).Deliveries,
  })
}

export default function Deliveries() {
  const t = useDeliveriesTexts()
  return (
    <>
      <PageHeader title={t.title} under={t.lead} />
      <Allowed needs="whole">
        <Told />
      </Allowed>
    </>
  )
}

function Told() {
  const t = useDeliveriesTexts()
  const format = useFormats()
  const { tab = 'all' } = route.useSearch()
  const state = tab === 'all' || tab === 'destinations' ? undefined : tab
  const asked = useQuery(deliveriesQuery(state))
  const dead = useQuery(deliveriesQuery('DEAD')).data?.length ?? 0
  return (
    <>
      <Tabs
        label={t.title}
        keeps
        current={tab}
        tabs={tabs.map((id) => ({
          id,
          name: t.tabs[id],
          ...(id === 'DEAD' && dead > 0 ? { count: format.number(dead) } : {}),
        }))}
      />
      {dead > 0 && tab === 'all' && (
        <p className={styles.failures}>
          <AlertTriangle size={14} aria-hidden="true" />
          <span>
            <strong>{t.failures(dead, format.number(dead))}</strong> {t.failuresHint}
          </span>
        </p>
      )}
      {tab === 'destinations' ? <Destinations /> : <Loaded from={asked}>{(all) => <List of={all} />}</Loaded>}
    </>
  )
}

function List({ of: all }: { of: Delivery[] }) {
  const t = useDeliveriesTexts()
  const format = useFormats()
  const { tab = 'all', text = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const columns = useColumns()
  const title = useRuleTitles()
  const setText = useCallback(
    (it: string) =>
      void navigate({ to: '.', search: (before) => ({ ...before, text: it || undefined }), replace: true }),
    [navigate],
  )
  if (all.length === 0) {
    return tab === 'all' ? (
      <Empty icon={Send} title={t.emptyTitle}>
        {t.empty}
      </Empty>
    ) : (
      <Empty icon={Send} title={t.nothingFound}>
        {tab === 'DEAD' ? t.nothingDead : undefined}
      </Empty>
    )
  }
  const rows = all.filter((it) =>
    [it.Project, it.Destination, it.Error ?? '', it.Reference ?? '', ...it.Rules.flatMap((id) => [id, title(id) ?? ''])]
      .join(' ')
      .toLowerCase()
      .includes(text.toLowerCase()),
  )
  return (
    <>
      <Toolbar>
        <SearchField label={t.search} value={text} onChange={setText} />
      </Toolbar>
      {rows.length === 0 ? (
        <Empty icon={SearchX} title={t.nothingFound} />
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          getKey={(it) => String(it.Id)}
          rowHeight={60}
          footer={all.length >= most ? t.noMore(format.number(most)) : undefined}
        />
      )}
    </>
  )
}

function useColumns() {
  const t = useDeliveriesTexts()
  const common = useCommon()
  const format = useFormats()
  const title = useRuleTitles()
  return useMemo(() => {
    const kind = (it: Delivery) => (t.kinds as Record<string, string | undefined>)[it.Kind] ?? it.Kind
    return [
      column<Delivery>(
        'message',
        t.message,
        (it) => (
          <>
            <span className={styles.kind}>
              {it.Rules[0] === undefined ? kind(it) : t.rules(title(it.Rules[0]) ?? it.Rules[0], it.Rules.length - 1)}
            </span>
            <Under>
              {it.Rules[0] !== undefined && kind(it)}
              {it.Findings > 0 && ` · ${common.findingCount(it.Findings, format.number(it.Findings))}`}
            </Under>
          </>
        ),
        { width: 'minmax(0, 1.5fr)', phone: 'whole' },
      ),
      column<Delivery>(
        'to',
        t.destination,
        (it) => (
          <>
            <code>{it.Destination}</code>
            <Under>
              <Link to="/findings" search={{ project: [it.Project] }}>
                {it.Project}
              </Link>
            </Under>
          </>
        ),
        { width: 'minmax(0, 0.8fr)' },
      ),
      column<Delivery>('state', t.state, (it) => <State of={it} />, { width: 'minmax(0, 1.6fr)', phone: 'whole' }),
      column<Delivery>('made', t.made, (it) => <Time at={it.CreatedAt} />, { width: '6rem', align: 'end' }),
      column<Delivery>('resend', t.resend, (it) => <Resend of={it} />, { width: '7rem', align: 'end' }),
    ]
  }, [t, common, format, title])
}

function State({ of: it }: { of: Delivery }) {
  const t = useDeliveriesTexts()
  const format = useFormats()
  return (
    <>
      <Badge tone={tones[it.State]}>{t.states[it.State]}</Badge>{' '}
      <span className={styles.quiet}>
        {it.State === 'SENT' && it.SentAt ? t.sent(format.moment(it.SentAt)) : t.tries(it.Tries)}
        {it.State === 'WAITING' && ` · ${t.next(format.moment(it.NextAt))}`}
      </span>
      {it.State !== 'SENT' && it.Error && <p className={styles.error}>{it.Error}</p>}
      {it.Reference && <Under>{it.Reference}</Under>}
    </>
  )
}

function Resend({ of: it }: { of: Delivery }) {
  const t = useDeliveriesTexts()
  const common = useCommon()
  const tell = useTell()
  const may = useMay()
  const cache = useQueryClient()
  const resend = useMutation({
    mutationFn: () => answer(client.POST('/api/deliveries/{id}/resend', { params: { path: { id: it.Id } } })),
    onSuccess: () => {
      tell.done(t.resent)
      return cache.invalidateQueries({ queryKey: ['deliveries'] })
    },
    onError: tell.failed,
  })
  // What was never tried goes by itself.
  if (it.State === 'SENT' || it.Tries === 0) return null
  return (
    <Button
      isSmall
      refusal={may('approve') ? undefined : common.notAllowed(common.permission.approve)}
      isBusy={resend.isPending}
      onPress={() => resend.mutate()}
    >
      {t.resend}
    </Button>
  )
}
