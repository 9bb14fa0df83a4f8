import { createHash, createPublicKey, verify } from 'node:crypto'
import * as z from 'zod'

const bytes32 = z.array(z.number().int().min(0).max(255)).length(32)

/** What a node of rc.4 makes as an invitation. */
export const nodeInvitationSchema = z.object({
  invitation: z.object({
    inviter_identity: bytes32,
    group_id: bytes32,
    /** Seconds since 1970. */
    expiration_timestamp: z.number().int().positive(),
    secret_salt: bytes32,
    /** 0 admin, 1 member, 2 reader. */
    invited_role: z.literal(1),
  }),
  inviter_signature: z.string().regex(/^[0-9a-f]{128}$/),
  application_id: bytes32,
  app_key: bytes32,
})

/** What a node of rc.4 makes as an invitation. */
export type NodeInvitation = z.output<typeof nodeInvitationSchema>

/**
 * Whether the inviter's signature is right. A node of rc.4 does not look at it before it takes the invitation's word for who the
 * namespace's admin is; so we do.
 * @source calimero-governance-store 0.11.0-rc.4, `verify_member_join_signature`: ed25519 over SHA-256 of the invitation in borsh.
 */
export function isSignedByInviter({ invitation, inviter_signature }: NodeInvitation): boolean {
  const expires = Buffer.alloc(8)
  expires.writeBigUInt64LE(BigInt(invitation.expiration_timestamp))
  const borsh = Buffer.concat([
    Buffer.from(invitation.inviter_identity),
    Buffer.from(invitation.group_id),
    expires,
    Buffer.from(invitation.secret_salt),
    Buffer.of(invitation.invited_role),
  ])
  const x = Buffer.from(invitation.inviter_identity).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, createHash('sha256').update(borsh).digest(), key, Buffer.from(inviter_signature, 'hex'))
}
