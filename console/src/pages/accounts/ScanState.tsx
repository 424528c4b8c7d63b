// How the last scan fared in an account.
import type { Schemas } from '../../api/client'
import { faredOf } from '../../api/scanState'
import { Badge } from '../../parts/Badge'
import { useAccountTexts } from '../../texts/accounts'
import { useCommon } from '../../texts/common'

export function ScanState({ of }: { of: Schemas['AccountDetail'] }) {
  const t = useAccountTexts()
  const common = useCommon()
  const fared = faredOf(of)
  if (!fared) return <Badge tone="outline">{t.notScanned}</Badge>
  if (fared.state === 'SCANNED') return <Badge tone="good">{t.scanned}</Badge>
  if (fared.state === 'UNREACHABLE') {
    return (
      <Badge tone="bad" title={fared.error}>
        {t.unreachable}
      </Badge>
    )
  }
  return <Badge>{fared.reason ? `${t.skipped}: ${common.accountStatus[fared.reason]}` : t.skipped}</Badge>
}
