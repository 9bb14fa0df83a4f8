import { List } from '@mantine/core'
import type { JSX } from 'react'
import { KeyPanel } from '../../features/encryption/KeyPanel.tsx'
import { Page } from '../../ui/layout/Page.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'

/** The researcher's encryption key. */
export function KeyPage(): JSX.Element {
  return (
    <Page title="Your key" lead="Data leaves a hospital sealed to one key. This is yours.">
      <KeyPanel />
      <Panel title="Good to know">
        <List spacing="xs">
          <List.Item>
            Your wallet makes the key from a fixed text that it signs, so the same wallet opens your data in any browser.
          </List.Item>
          <List.Item>
            The public half stands on the chain. The private half is made in this tab when you need it, and is never stored.
          </List.Item>
          <List.Item>A colleague with another account has another key. Each opens what that account asked for.</List.Item>
        </List>
      </Panel>
    </Page>
  )
}
