// Package checkpoint reads and checks what the audit log signs: checkpoints
// (C2SP tlog-checkpoint, signed notes), proofs that an entry is in the log
// (C2SP tlog-proof@v1) and proofs that one tree is a continuation of another
// (RFC 6962 §2.1). The server, the agent and the offline verifier run the same code.
//
// Invariants:
//   - Open returns a checkpoint only when the given key signed it.
//   - A Pin only ever moves forward, and only along a proof.
//   - Every parser is bounded: what it reads comes from strangers.
//
// It holds no log, opens no file and reads no clock. Hashing is that of
// golang.org/x/mod/sumdb/tlog, the Go checksum database's.
package checkpoint
