// Signing in. The server does not tell whose password was right, so a code can be given at once.
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, client, keepCsrf, ProblemError } from '../../api/client'
import { queries, sessionQuery } from '../../api/queries'
import { Button } from '../../parts/Button'
import { Form, TextField } from '../../parts/Field'
import { Note } from '../../parts/States'
import { Entrance, useEntranceTexts } from './Entrance'

const route = getRouteApi('/sign-in')

export default function SignIn() {
  const t = useEntranceTexts()
  const router = useRouter()
  const { back } = route.useSearch()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const signIn = useMutation({
    mutationFn: () =>
      answer(
        client.POST('/api/session', {
          body: { Name: name, Password: password, Code: code.trim() === '' ? null : code.trim() },
        }),
      ),
    onSuccess: (session) => {
      keepCsrf(session.Csrf)
      queries.clear()
      queries.setQueryData(sessionQuery.queryKey, session)
      // Only addresses of this console: a path, and not one that means another host.
      router.history.push(back?.startsWith('/') && !/^[/\\]{2}/.test(back) ? back : '/')
    },
  })
  const isWrong = signIn.error instanceof ProblemError && signIn.error.status === 401
  return (
    <Entrance title={t.signInTitle}>
      <Form onSubmit={() => signIn.mutate()}>
        <TextField
          label={t.name}
          value={name}
          onChange={setName}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
        <TextField
          label={t.password}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          required
        />
        <TextField
          label={t.code}
          hint={t.codeHint}
          value={code}
          onChange={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
        {isWrong ? <Note title={t.wrong} /> : <Note error={signIn.error} />}
        <Button type="submit" look="primary" isBusy={signIn.isPending}>
          {t.signIn}
        </Button>
      </Form>
    </Entrance>
  )
}
