import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProject } from '../../scripts/paths.ts'
import { freePort, freePortRange } from '../../scripts/processes/ports.ts'
import { runCommand } from '../../scripts/runCommand.ts'
import { describeNetwork } from './networkStage.ts'

const LONG_MS = 240_000

describeNetwork('the whole product on Calimero nodes', () => {
  test(
    'the main job runs, from upload to refusal',
    async () => {
      const { code, output } = await runCommand(process.execPath, [inProject('scripts', 'demo.ts'), '--context', 'calimero'])
      expect(output).toContain('All as it should be')
      expect(code).toBe(0)
    },
    LONG_MS,
  )

  test(
    'one command adds a hospital: its node is invited and joins the others',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'medsync-added-'))
      try {
        const env = {
          MEDSYNC_STATE: folder,
          GATEWAY_PORT: String(await freePort()),
          DEVNET_PORT: String(await freePort()),
          NODES_PORT: String(await freePortRange(8)),
        }
        const chore = inProject('scripts', 'hospital-add.ts')
        const { code, output } = await runCommand(process.execPath, [chore, 'riverside', 'Riverside Clinic', '--context', 'calimero'], {
          env,
        })
        expect(output).toContain('Riverside Clinic is in.')
        expect(code).toBe(0)
        expect(JSON.parse(await readFile(join(folder, 'circle.json'), 'utf8'))).toMatchObject({
          joined: ['mercy', 'stclare', 'lakeside', 'riverside'],
        })
        expect(await readFile(join(folder, 'logs', 'gateway.log'), 'utf8')).toContain('"event":"context.in-step"')
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    LONG_MS,
  )
})
