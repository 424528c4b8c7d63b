// The other way in: a button for each identity provider. It leads out of the console, and back to where one was going.
import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '../../api/queries'
import { keepBack } from '../../app/back'
import { look } from '../../parts/Button'
import { useEntranceTexts } from './Entrance'
import styles from './Entrance.module.css'

export function Providers({ back }: { back?: string | undefined }) {
  const t = useEntranceTexts()
  const { data: providers = [] } = useQuery(providersQuery)
  if (providers.length === 0) return null
  return (
    <div className={styles.providers}>
      <p className={styles.or}>{t.or}</p>
      {providers.map((it) => (
        <a key={it.StartUrl} href={it.StartUrl} className={look({})} onClick={() => keepBack(back)}>
          {t.signInWith(it.Name)}
        </a>
      ))}
    </div>
  )
}
