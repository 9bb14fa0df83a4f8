import { Button } from '@mantine/core'
import { FileUp } from 'lucide-react'
import { type DragEvent, type JSX, type ReactNode, useId, useRef, useState } from 'react'
import styles from './FileDrop.module.css'

export type FileDropProps = {
  /** As the `accept` attribute of a file input. */
  readonly accept: string
  readonly label: string
  readonly children?: ReactNode
  readonly onFiles: (files: File[]) => void
}

/** Takes files by dropping them, or by the button, which is all that a keyboard needs. */
export function FileDrop({ accept, label, children, onFiles }: FileDropProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const noteId = useId()
  const take = (list: FileList | null): void => {
    const files = [...(list ?? [])]
    if (files.length > 0) onFiles(files)
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra for the mouse; the button inside does the same
    <div
      className={isOver ? `${styles.drop} ${styles.over}` : styles.drop}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <FileUp size={32} aria-hidden="true" />
      <p>Drop files here, or</p>
      <Button onClick={() => input.current?.click()} aria-describedby={noteId}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
      <div id={noteId}>{children}</div>
    </div>
  )
}
