// Buttons, and links that look like them.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button as Pressable, type ButtonProps as PressableProps } from 'react-aria-components'
import styles from './Button.module.css'

type Look = { look?: 'plain' | 'primary' | 'ghost' | 'danger'; isSmall?: boolean; isIcon?: boolean }

/** What a link looks like that leads out of the pages, and so is none of the router's. */
export function look({ look = 'plain', isSmall, isIcon }: Look): string {
  return [styles.button, styles[look], isSmall && styles.small, isIcon && styles.icon].filter(Boolean).join(' ')
}

type ButtonProps = Omit<PressableProps, 'className' | 'style' | 'isDisabled'> &
  Look & {
    /** Why it cannot be pressed now. It stays reachable, so that everybody can learn the reason. */
    refusal?: string | false | undefined
    /** What a picture without words means. */
    label?: string
    isBusy?: boolean
  }

export function Button({ look: kind, isSmall, isIcon, refusal, label, isBusy, onPress, ...rest }: ButtonProps) {
  const isRefused = Boolean(refusal)
  const name = label === undefined ? undefined : isRefused ? `${label} (${refusal})` : label
  const button = (
    <Pressable
      {...rest}
      {...(name === undefined ? {} : { 'aria-label': name })}
      {...(isRefused ? { 'aria-disabled': true, type: 'button' as const } : {})}
      className={look({ look: kind, isSmall, isIcon })}
      isPending={isBusy ?? false}
      onPress={isRefused ? undefined : onPress}
    />
  )
  const hint = refusal || (isIcon ? label : undefined)
  return hint ? <span title={hint}>{button}</span> : button
}

export function ButtonLink({ look: kind, isSmall, children, ...rest }: LinkProps & Look & { children: ReactNode }) {
  return (
    <Link {...rest} className={look({ look: kind, isSmall })}>
      {children}
    </Link>
  )
}
