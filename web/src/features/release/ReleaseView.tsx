import { Button, NativeSelect } from '@mantine/core'
import { LEFT_OUT_SYSTEM } from '@medsync/protocol'
import { Download } from 'lucide-react'
import { type JSX, useMemo, useState } from 'react'
import { countOf } from '../../ui/format/countOf.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Notice } from '../../ui/Notice.tsx'
import type { OpenedRelease, OpenedResource } from './openRelease.ts'
import styles from './ReleaseView.module.css'
import { summariseResource } from './summariseResource.ts'

const PAGE = 50

/** The opened data: how much of what, a table, and the whole of it as a file. */
export function ReleaseView({ opened, name }: { readonly opened: OpenedRelease; readonly name: string }): JSX.Element {
  const groups = useMemo(() => groupByType(opened.bundle.entry.map(({ resource }) => resource)), [opened])
  const [type, setType] = useState<string>()
  const [shown, setShown] = useState(PAGE)
  const chosen = groups.find(([each]) => each === type) ?? groups[0]
  const total = opened.bundle.entry.length
  const leftOut = opened.bundle.meta?.tag.find(({ system }) => system === LEFT_OUT_SYSTEM)?.code
  return (
    <Panel
      title={countOf(total, 'entry', 'entries')}
      note="Opened in this browser. What the consent does not cover is not in it, and ids were replaced for this study."
      aside={
        <Button variant="default" leftSection={<Download size={17} aria-hidden="true" />} onClick={() => download(opened.text, name)}>
          Download as JSON
        </Button>
      }
    >
      {leftOut !== undefined && (
        <Notice title={`${countOf(Number(leftOut), 'free text or attachment was', 'free texts or attachments were')} left out`}>
          Free text leaves a hospital only under “Notes and documents”, with everything sensitive in the record included, and when it is
          plain text in which names can be found. Codes, values and dates are here without it.
        </Notice>
      )}
      <ul className={styles.types} aria-label="Entries by type">
        {groups.map(([each, resources]) => (
          <li key={each}>
            <strong>{resources.length}</strong> {each}
          </li>
        ))}
      </ul>
      {chosen !== undefined && (
        <>
          <NativeSelect
            label="Show"
            maw="20rem"
            value={chosen[0]}
            onChange={(event) => {
              setType(event.currentTarget.value)
              setShown(PAGE)
            }}
            data={groups.map(([each, resources]) => ({ value: each, label: `${each} (${resources.length})` }))}
          />
          {/* A table may be wider than a phone; its own box scrolls, the page does not. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
          <section className={styles.scroll} aria-label={`Table of ${chosen[0]}`} tabIndex={0}>
            <table className={styles.table} data-release-table="">
              <thead>
                <tr>
                  <th scope="col">Date</th>
                  <th scope="col">What</th>
                  <th scope="col">Value or state</th>
                </tr>
              </thead>
              <tbody>
                {chosen[1].slice(0, shown).map((resource, row) => {
                  const { id, what, value, date } = summariseResource(resource)
                  return (
                    <tr key={id === '' ? row : id}>
                      <td>{date.slice(0, 10)}</td>
                      <td>{what}</td>
                      <td>{value}</td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </section>
          {chosen[1].length > shown && (
            <Button variant="default" onClick={() => setShown(shown + 4 * PAGE)}>
              Show more ({chosen[1].length - shown} left)
            </Button>
          )}
        </>
      )}
    </Panel>
  )
}

function groupByType(resources: readonly OpenedResource[]): (readonly [string, readonly OpenedResource[]])[] {
  const groups = Map.groupBy(resources, ({ resourceType }) => resourceType)
  return [...groups].toSorted(([, one], [, other]) => other.length - one.length)
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/fhir+json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.json`
  link.click()
  URL.revokeObjectURL(url)
}
