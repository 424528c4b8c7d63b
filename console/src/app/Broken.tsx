// What is shown when an address means nothing, or a page throws.
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Bug, MapPinOff } from 'lucide-react'
import { ProblemError } from '../api/client'
import { Button, ButtonLink } from '../parts/Button'
import { Empty, Failed } from '../parts/States'
import { useShellTexts } from '../texts/shell'

export function NotFound() {
  const t = useShellTexts()
  return (
    <Empty icon={MapPinOff} title={t.notFoundTitle} action={<ButtonLink to="/findings">{t.toFindings}</ButtonLink>}>
      {t.notFound}
    </Empty>
  )
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const t = useShellTexts()
  if (error instanceof ProblemError) return <Failed error={error} retry={reset} />
  return (
    <Empty
      icon={Bug}
      title={t.brokenTitle}
      action={<Button onPress={() => window.location.reload()}>{t.reload}</Button>}
    >
      {t.broken}
    </Empty>
  )
}
