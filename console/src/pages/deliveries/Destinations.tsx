// Where people can be told, and whether what is sent there arrives.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Megaphone } from 'lucide-react'
import { useMemo } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useMay } from '../../api/session'
import { Button } from '../../parts/Button'
import { Under } from '../../parts/Cell'
import { column, DataTable } from '../../parts/DataTable'
import { Severity } from '../../parts/Severity'
import { Empty, Loaded, Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useLang } from '../../texts'
import { useCommon } from '../../texts/common'
import { useDeliveriesTexts } from '../../texts/deliveries'
import { useFormats } from '../../texts/format'
import { destinationsQuery } from './queries'

type Destination = Schemas['MessageDestination']

export function Destinations() {
  const t = useDeliveriesTexts()
  return (
    <Loaded from={useQuery(destinationsQuery)}>
      {(all) =>
        all.length > 0 ? (
          <Table of={all} />
        ) : (
          <Empty icon={Megaphone} title={t.noDestinationsTitle}>
            {t.noDestinations}
          </Empty>
        )
      }
    </Loaded>
  )
}

function Table({ of: all }: { of: Destination[] }) {
  const t = useDeliveriesTexts()
  const format = useFormats()
  const columns = useMemo(
    () => [
      column<Destination>(
        'name',
        t.destination,
        (it) => (
          <>
            <code>{it.Name}</code>
            <Under>{t.kindOf[it.Kind as keyof typeof t.kindOf] ?? it.Kind}</Under>
          </>
        ),
        { width: 'minmax(0, 1fr)' },
        (it) => it.Name,
      ),
      column<Destination>(
        'when',
        t.when,
        (it) => (
          <>
            {t.digests[it.Digest as keyof typeof t.digests] ?? it.Digest}
            {it.Digest !== 'immediate' && (
              <Under>
                {t.atOnceFrom} <Severity of={it.ImmediateSeverity} />
              </Under>
            )}
          </>
        ),
        { width: 'minmax(0, 1fr)' },
      ),
      column<Destination>('projects', t.projects, (it) => format.list(it.Projects) || t.noProject, {
        width: 'minmax(0, 1.5fr)',
        phone: 'whole',
      }),
      column<Destination>('test', t.test, (it) => <Test of={it} />, {
        width: 'minmax(9rem, 1fr)',
        align: 'end',
        phone: 'whole',
      }),
    ],
    [t, format],
  )
  return <DataTable label={t.destinations} rows={all} columns={columns} getKey={(it) => it.Name} rowHeight={60} />
}

function Test({ of: it }: { of: Destination }) {
  const t = useDeliveriesTexts()
  const common = useCommon()
  const lang = useLang()
  const tell = useTell()
  const may = useMay()
  const cache = useQueryClient()
  const test = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/destinations/{name}/test', { params: { path: { name: it.Name } }, body: { Lang: lang } }),
      ),
    onSuccess: () => {
      tell.done(t.tested(it.Name))
      return cache.invalidateQueries({ queryKey: ['deliveries'] })
    },
  })
  return (
    <>
      <Button
        isSmall
        refusal={may('approve') ? undefined : common.notAllowed(common.permission.approve)}
        isBusy={test.isPending}
        onPress={() => test.mutate()}
      >
        {t.test}
      </Button>
      <Note error={test.error} />
    </>
  )
}
