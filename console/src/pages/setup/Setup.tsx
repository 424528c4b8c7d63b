// The first administrator. A link with `#secret=` fills the secret in; the fragment never reaches a server's log.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { answer, client, keepCsrf } from '../../api/client'
import { queries, sessionQuery, setupQuery } from '../../api/queries'
import { Button, ButtonLink } from '../../parts/Button'
import { Form, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { Entrance, useEntranceTexts } from '../sign-in/Entrance'

function fromFragment(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get('secret') ?? ''
}

export default function Setup() {
  const t = useEntranceTexts()
  const router = useRouter()
  const { data: state } = useQuery(setupQuery)
  const [secret, setSecret] = useState(fromFragment)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  // The secret does not stay in the address, nor in the browser's history.
  useEffect(() => {
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname)
  }, [])
  const make = useMutation({
    mutationFn: async () => {
      await answer(client.POST('/api/setup', { body: { Secret: secret.trim(), Name: name, Password: password } }))
      return answer(client.POST('/api/session', { body: { Name: name, Password: password } }))
    },
    onSuccess: (session) => {
      keepCsrf(session.Csrf)
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, session)
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
        <TextField
          label={t.secret}
          hint={t.secretHint}
          value={secret}
          onChange={setSecret}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <TextField
          label={t.name}
          value={name}
          onChange={setName}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextField
          label={t.password}
          hint={t.passwordHint}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          minLength={15}
          required
        />
        <TextField
          label={t.passwordAgain}
          type="password"
          value={again}
          onChange={setAgain}
          autoComplete="new-password"
          required
        />
        {differ ? <Note title={t.passwordsDiffer} /> : <Note error={make.error} />}
        <Button type="submit" look="primary" isBusy={make.isPending}>
          {t.make}
        </Button>
      </Form>
    </Entrance>
  )
}
