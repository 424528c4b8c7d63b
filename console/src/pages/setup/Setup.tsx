// The first administrator. A link with `#secret=` fills the secret in; the fragment never reaches a server's log.
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, client } from '../../api/client'
import { beginSession, setupQuery } from '../../api/queries'
import { Button, ButtonLink } from '../../parts/Button'
import { NewPassword, UserName } from '../../parts/Credentials'
import { Form, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { Entrance, Trouble, useEntranceTexts } from '../sign-in/Entrance'
import { Providers } from '../sign-in/Providers'

const route = getRouteApi('/setup')

function fromFragment(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get('secret') ?? ''
}

export default function Setup() {
  const t = useEntranceTexts()
  const router = useRouter()
  const { problem } = route.useSearch()
  const { data: state } = useQuery(setupQuery)
  const [secret, setSecret] = useState(fromFragment)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  // The secret does not stay in the address, nor in the browser's history.
  useEffect(() => {
    if (window.location.hash !== '')
      window.history.replaceState(window.history.state, '', `${window.location.pathname}${window.location.search}`)
  }, [])
  const make = useMutation({
    mutationFn: async () => {
      await answer(client.POST('/api/setup', { body: { Secret: secret.trim(), Name: name, Password: password } }))
      return answer(client.POST('/api/session', { body: { Name: name, Password: password } }))
    },
    onSuccess: (session) => {
      beginSession(session)
      void router.navigate({ to: '/' })
    },
  })
  if (state && !state.IsNeeded && !make.isPending && !make.isSuccess) {
    return (
      <Entrance title={t.setupTitle} lead={t.done}>
        <ButtonLink to="/sign-in" look="primary">
          {t.toSignIn}
        </ButtonLink>
      </Entrance>
    )
  }
  const differ = again !== '' && again !== password
  return (
    <Entrance title={t.setupTitle} lead={t.setupLead}>
      <Form onSubmit={() => !differ && make.mutate()}>
        {make.isIdle && <Trouble problem={problem} />}
        <TextField
          label={t.secret}
          hint={t.secretHint}
          value={secret}
          onChange={setSecret}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <UserName label={t.name} value={name} onChange={setName} />
        <NewPassword label={t.password} hint={t.passwordHint} value={password} onChange={setPassword} />
        <NewPassword label={t.passwordAgain} value={again} onChange={setAgain} />
        {differ ? <Note title={t.passwordsDiffer} /> : <Note error={make.error} />}
        <Button type="submit" look="primary" isBusy={make.isPending}>
          {t.make}
        </Button>
      </Form>
      <Providers />
    </Entrance>
  )
}
