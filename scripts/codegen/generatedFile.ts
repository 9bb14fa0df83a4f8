/** One file that a program writes and git keeps: its path from the project's folder, and its whole text. */
export interface GeneratedFile {
  path: string
  text: string
}
