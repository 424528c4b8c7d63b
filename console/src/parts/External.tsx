// A link out of the console. Only http and https: what imported findings say is not trusted.
import { ExternalLink } from 'lucide-react'
import { useCommon } from '../texts/common'

export function External({ to, children }: { to: string; children?: string }) {
  const t = useCommon()
  if (!/^https?:\/\//i.test(to)) return <span>{children ?? to}</span>
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children ?? to.replace(/^https?:\/\//i, '')} <ExternalLink size={11} aria-label={t.opensElsewhere} role="img" />
    </a>
  )
}
