// Signing in. The server does not tell whose password was right, so a code can be given at once.
import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, client, ProblemError } from '../../api/client'
import { beginSession } from '../../api/queries'
import { takeBack } from '../../app/back'
import { Button } from '../../parts/Button'
import { AuthenticatorCode, Password, UserName } from '../../parts/Credentials'
import { Form } from '../../parts/Field'
import { Note } from '../../parts/States'
import { Entrance, Trouble, useEntranceTexts } from './Entrance'
import { Providers } from './Providers'

const route = getRouteApi('/sign-in')

export default function SignIn() {
  const t = useEntranceTexts()
  const router = useRouter()
  const { back, problem } = route.useSearch()
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
      beginSession(session)
      router.history.push(takeBack(back) ?? '/')
    },
  })
  const isWrong = signIn.error instanceof ProblemError && signIn.error.status === 401
  return (
    <Entrance title={t.signInTitle}>
      <Form onSubmit={() => signIn.mutate()}>
        {signIn.isIdle && <Trouble problem={problem} />}
        <UserName label={t.name} value={name} onChange={setName} autoFocus />
        <Password label={t.password} value={password} onChange={setPassword} />
        <AuthenticatorCode label={t.code} hint={t.codeHint} value={code} onChange={setCode} />
        {isWrong ? <Note title={t.wrong} /> : <Note error={signIn.error} />}
        <Button type="submit" look="primary" isBusy={signIn.isPending}>
          {t.signIn}
        </Button>
      </Form>
      <Providers back={back} />
    </Entrance>
  )
}
