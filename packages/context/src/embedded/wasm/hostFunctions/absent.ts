import { broken } from '../../failure.ts'
import type { CallScene, HostFunction, HostFunctions } from '../hostFunctions.ts'

const FETCH_REFUSED = "Host function 'fetch' is temporarily disabled."

/** What an app can import and this engine has not: files of the network, and other contexts. A call that needs one fails by its name. */
export function absentFunctions(scene: CallScene): HostFunctions {
  return {
    /** The runtime refuses it in this way, too. */
    fetch(_url, _method, _headers, _body, register) {
      scene.registers.set(register ?? 0n, FETCH_REFUSED)
      return 1
    },
    xcall: absent('xcall'),
    blob_create: absent('blob_create'),
    blob_open: absent('blob_open'),
    blob_read: absent('blob_read'),
    blob_write: absent('blob_write'),
    blob_close: absent('blob_close'),
    blob_announce_to_context: absent('blob_announce_to_context'),
  }
}

function absent(name: string): HostFunction {
  return () => {
    throw broken(`the embedded engine has no ${name}`)
  }
}
