// Tells somebody about one finding or incident: where to, in which language, and what they will read.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, client, type Schemas } from '../../api/client'
import { useMay } from '../../api/session'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { CancelOrSend, Form, FormButtons, Select } from '../../parts/Field'
import { type Lang, LangSelect } from '../../parts/LangSelect'
import { Loaded, Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import { useCommon } from '../../texts/common'
import { useDeliveriesTexts } from '../../texts/deliveries'
import styles from './Deliveries.module.css'
import { type About, destinationsQuery, previewQuery } from './queries'

/** For whoever works on findings, and sees the whole organisation: destinations are everybody's. */
export function SendButton({ about }: { about: About }) {
  const t = useDeliveriesTexts()
  const common = useCommon()
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  const close = () => setOpen(false)
  const refusal =
    (!may('whole') && common.needsWhole) || (!may('triage') && common.notAllowed(common.permission.triage)) || undefined
  return (
    <>
      <Button refusal={refusal} onPress={() => setOpen(true)}>
        {t.sendTo}
      </Button>
      {isOpen && (
        <Dialog title={t.sendTitle} isOpen onClose={close} isWide>
          <Choose about={about} onClose={close} />
        </Dialog>
      )}
    </>
  )
}

function Choose({ about, onClose }: { about: About; onClose: () => void }) {
  const t = useDeliveriesTexts()
  const common = useCommon()
  return (
    <Loaded from={useQuery(destinationsQuery)}>
      {(destinations) =>
        destinations.length > 0 ? (
          <Send about={about} to={destinations} onClose={onClose} />
        ) : (
          <>
            <p>{t.noDestinations}</p>
            <FormButtons>
              <Button onPress={onClose}>{common.close}</Button>
            </FormButtons>
          </>
        )
      }
    </Loaded>
  )
}

type SendProps = { about: About; to: Schemas['MessageDestination'][]; onClose: () => void }

function Send({ about, to, onClose }: SendProps) {
  const t = useDeliveriesTexts()
  const tell = useTell()
  const cache = useQueryClient()
  const [destination, setDestination] = useState(to[0]?.Name ?? '')
  const [lang, setLang] = useState<Lang>()
  const preview = useQuery(previewQuery(about, lang))
  const send = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/deliveries', {
          body: { About: about, Destination: destination, ...(lang === undefined ? {} : { Lang: lang }) },
        }),
      ),
    onSuccess: () => {
      tell.done(t.sentTo(destination), t.sentDetail)
      onClose()
      return cache.invalidateQueries({ queryKey: ['deliveries'] })
    },
  })
  return (
    <Form onSubmit={() => send.mutate()}>
      <div className={styles.fields}>
        <Select
          label={t.destination}
          value={destination}
          options={to.map((it) => [it.Name, `${it.Name} (${t.kindOf[it.Kind as keyof typeof t.kindOf] ?? it.Kind})`])}
          onChange={setDestination}
        />
        <LangSelect value={lang} onChange={setLang} />
      </div>
      <Loaded from={preview}>
        {(text) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
          <section className={styles.preview} aria-label={t.preview} tabIndex={0}>
            {text}
          </section>
        )}
      </Loaded>
      <Note error={send.error} />
      <CancelOrSend onCancel={onClose} send={t.send} isBusy={send.isPending} />
    </Form>
  )
}
