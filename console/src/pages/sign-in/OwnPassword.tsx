// Choosing a password of one's own in place of the one that somebody else gave: nothing else comes before it.
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, client } from '../../api/client'
import { beginSession, sessionQuery } from '../../api/queries'
import { takeBack } from '../../app/back'
import { useSignOut } from '../../app/signOut'
import { Button } from '../../parts/Button'
import { NewPassword, Password } from '../../parts/Credentials'
import { Form } from '../../parts/Field'
import { Note } from '../../parts/States'
import { Entrance, useEntranceTexts } from './Entrance'

const route = getRouteApi('/own-password')

export default function OwnPassword() {
  const t = useEntranceTexts()
  const router = useRouter()
  const signOut = useSignOut()
  const { back } = route.useSearch()
  const name = useQuery(sessionQuery).data?.User.Name ?? ''
  const [given, setGiven] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: async () => {
      await answer(client.POST('/api/session/password', { body: { Password: given, NewPassword: next } }))
      // That ended every session. Nobody who was given a password has an authenticator.
      return answer(client.POST('/api/session', { body: { Name: name, Password: next } }))
    },
    onSuccess: (session) => {
      beginSession(session)
      router.history.push(takeBack(back) ?? '/')
    },
  })
  const wrong = again !== '' && again !== next ? t.passwordsDiffer : next !== '' && next === given ? t.samePassword : ''
  return (
    <Entrance title={t.ownPasswordTitle} lead={t.ownPasswordLead(name)}>
      <Form onSubmit={() => wrong === '' && change.mutate()}>
        <Password label={t.givenPassword} value={given} onChange={setGiven} autoFocus />
        <NewPassword label={t.newPassword} hint={t.passwordHint} value={next} onChange={setNext} />
        <NewPassword label={t.newPasswordAgain} value={again} onChange={setAgain} />
        {wrong === '' ? <Note error={change.error} /> : <Note title={wrong} />}
        <Button type="submit" look="primary" isBusy={change.isPending}>
          {t.changeAndGoOn}
        </Button>
      </Form>
      <Button look="ghost" onPress={() => void signOut()}>
        {t.notNow}
      </Button>
    </Entrance>
  )
}
