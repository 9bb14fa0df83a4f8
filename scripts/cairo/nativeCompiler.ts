import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChoreError } from '../choreError.ts'
import { inLanes } from '../inLanes.ts'
import { inProject } from '../paths.ts'
import { runCommand } from '../runCommand.ts'

/**
 * Compiles the contracts with the native compiler that CAIRO_COMPILER names: seconds, and real messages. For writing only; its output
 * is of another compiler version and is never committed.
 * @param paths - Full Cairo path of each contract, for example `medsync::participants::Participants`.
 * @returns JSON text of each Sierra class, in the order asked.
 */
export async function compileNatively(compiler: string, paths: readonly string[], folder: string): Promise<string[]> {
  return await inLanes(2, paths, async (path) => {
    const output = join(folder, `${path.replaceAll('::', '.')}.json`)
    const lines: string[] = []
    const { code } = await runCommand(compiler, [inProject(), '--allow-warnings', '--contract-path', path, output], {
      env: { RUST_BACKTRACE: '0' },
      onLine: (line) => lines.push(line),
    })
    if (code !== 0)
      throw new ChoreError('cairo/compile', `${path} does not compile.\n${lines.join('\n')}`, 'Mend the source at the places named above.')
    return await readFile(output, 'utf8')
  })
}
