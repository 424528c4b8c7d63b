// One's own password and authenticator. Both changes end every session, this one too.
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, client } from '../../api/client'
import { queries } from '../../api/queries'
import { useSession } from '../../api/session'
import { Badge } from '../../parts/Badge'
import { Button } from '../../parts/Button'
import { Id } from '../../parts/Code'
import { AuthenticatorCode, NewPassword, Password } from '../../parts/Credentials'
import { Form, FormButtons } from '../../parts/Field'
import { Card } from '../../parts/Page'
import { QrCode } from '../../parts/QrCode'
import { Note } from '../../parts/States'
import { useTell } from '../../parts/Toasts'
import styles from './Settings.module.css'
import { useSettingsTexts } from './words'

/** After everything was signed out: back to the beginning, with a word about why. */
function useSignedOut() {
  const router = useRouter()
  const tell = useTell()
  return (why: string) => {
    tell.done(why)
    queries.clear()
    void router.navigate({ to: '/sign-in', search: { back: '/settings' } })
  }
}

export function SignInSettings() {
  return (
    <div className={styles.grid}>
      <ChangePassword />
      <Authenticator />
    </div>
  )
}

function ChangePassword() {
  const t = useSettingsTexts()
  const signedOut = useSignedOut()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => answer(client.POST('/api/session/password', { body: { Password: current, NewPassword: next } })),
    onSuccess: () => signedOut(t.passwordChanged),
  })
  const differ = again !== '' && again !== next
  return (
    <Card>
      <div className={styles.cardHead}>
        <h2>{t.password}</h2>
      </div>
      <p className={styles.lead}>{t.passwordLead}</p>
      <Form onSubmit={() => !differ && change.mutate()}>
        <Password label={t.current} value={current} onChange={setCurrent} />
        <NewPassword label={t.next} hint={t.nextHint} value={next} onChange={setNext} />
        <NewPassword label={t.again} value={again} onChange={setAgain} />
        {differ ? <Note title={t.differ} /> : <Note error={change.error} />}
        <FormButtons>
          <Button type="submit" look="primary" isBusy={change.isPending}>
            {t.change}
          </Button>
        </FormButtons>
      </Form>
    </Card>
  )
}

function Authenticator() {
  const t = useSettingsTexts()
  const isOn = useSession()?.User.HasTotp ?? false
  const [isAsking, setAsking] = useState(false)
  const offer = useMutation({ mutationFn: () => answer(client.GET('/api/session/totp')) })
  return (
    <Card>
      <div className={styles.cardHead}>
        <h2>{t.totp}</h2>
        <Badge tone={isOn ? 'good' : 'quiet'}>{isOn ? t.totpOn : t.totpOff}</Badge>
      </div>
      <p className={styles.lead}>{isOn && isAsking ? t.totpOffLead : t.totpLead}</p>
      {!isOn && !offer.data && (
        <>
          <Note error={offer.error} />
          <Button onPress={() => offer.mutate()} isBusy={offer.isPending}>
            {t.totpBegin}
          </Button>
        </>
      )}
      {!isOn && offer.data && (
        <>
          <p className={styles.lead}>{t.totpScan}</p>
          <div className={styles.code}>
            <QrCode text={offer.data.Url} label={t.totpQr} />
          </div>
          <p className={styles.lead}>{t.totpType}</p>
          <p className={styles.secret}>
            <Id text={offer.data.Secret} />
          </p>
          <p className={styles.lead}>
            <a href={offer.data.Url}>{t.totpOpen}</a>
          </p>
          <TotpForm secret={offer.data.Secret} />
        </>
      )}
      {isOn && !isAsking && (
        <Button look="danger" onPress={() => setAsking(true)}>
          {t.totpTurnOff}
        </Button>
      )}
      {isOn && isAsking && <TotpForm secret={null} />}
    </Card>
  )
}

function TotpForm({ secret }: { secret: string | null }) {
  const t = useSettingsTexts()
  const signedOut = useSignedOut()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const change = useMutation({
    mutationFn: () =>
      answer(
        client.PUT('/api/session/totp', {
          body: { Password: password, Secret: secret, Code: secret === null ? null : code.trim() },
        }),
      ),
    onSuccess: () => signedOut(t.totpChanged),
  })
  return (
    <Form onSubmit={() => change.mutate()}>
      {secret !== null && <AuthenticatorCode label={t.totpCode} value={code} onChange={setCode} required />}
      <Password label={t.current} value={password} onChange={setPassword} />
      <Note error={change.error} />
      <FormButtons>
        <Button type="submit" look={secret === null ? 'danger' : 'primary'} isBusy={change.isPending}>
          {secret === null ? t.totpTurnOff : t.totpTurnOn}
        </Button>
      </FormButtons>
    </Form>
  )
}
