// Loaded into a gateway's process before it starts: it dies as soon as a record with this mark is opened, as it would for want of memory.
import { syncBuiltinESMExports } from 'node:module'
import zlib from 'node:zlib'

const MARK = 'ZqDeadly'
const unpack = zlib.gunzip

zlib.gunzip = (packed, ...rest) => {
  const told = rest.at(-1)
  const look = (failure, text) => {
    if (text?.includes(`Note ${MARK}`)) process.kill(process.pid, 'SIGKILL')
    told(failure, text)
  }
  return unpack(packed, ...rest.slice(0, -1), look)
}
syncBuiltinESMExports()
