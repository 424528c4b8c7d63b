// Where somebody wanted to go before they had to sign in. Through an identity provider the way there leads over another
// site, which need not know; the browser remembers it for this tab.
const kept = 'yagura.back'

/** Only addresses of this console: a path, and not one that means another host. */
function ofHere(path: string | null | undefined): string | undefined {
  return path?.startsWith('/') && !/^[/\\]{2}/.test(path) ? path : undefined
}

/** Remembers it until somebody has signed in; who tries again still means what was remembered before. */
export function keepBack(path: string | undefined) {
  const back = ofHere(path)
  if (back !== undefined) sessionStorage.setItem(kept, back)
}

/** What the address of the sign-in page says, or else what was remembered, which is forgotten. */
export function takeBack(path?: string): string | undefined {
  const back = ofHere(path) ?? ofHere(sessionStorage.getItem(kept))
  sessionStorage.removeItem(kept)
  return back
}
