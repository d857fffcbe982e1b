// Package grants answers the gate's question: may this person on this PC pass,
// now? It keeps the connections in quarantine, the sessions opened on them, the
// lease under each session, and who may reach which desktop.
//
// Invariants:
//   - A session is opened by a statement that the connection's lease key signed
//     and that faces or approvals accepted, and only after its audit row has
//     been committed.
//   - A lease's deadline is never later than the issue time of the newest
//     answered nonce + 6 s, on the server's monotonic clock. The wall clock
//     decides nothing.
//   - Nobody works who has not done what the rules ask, once his time of grace is
//     over (training): that is asked before a statement is judged, and again in
//     the transaction that opens.
//   - A dead lease never revives. Whoever comes back opens another session,
//     which has another epoch.
//   - Ending is told to every OnEnd listener, in the order in which they
//     registered, before the call that ended the session returns. Nothing that
//     closes waits for SQL.
//   - The centre's policies (gate/rules) are asked before a session opens and
//     before a desktop is reached, beside the lists here; a refusal, an error and
//     rules that nobody handed in refuse alike.
//   - Where the rules ask for it, a session opens in its person's shift alone and
//     ends with it (shifts). That is by the clock on the wall, and can only end.
//   - A person has at most one live session; the newest wins.
//   - A session opens, and stays open, only while posture says that the PC is as
//     its policy asks.
//   - Leases live in memory alone: after a restart everybody is in quarantine.
//
// It does not send or receive datagrams (guard/presence does), close flows
// (road/flows does, as an OnEnd listener) or look at faces.
package grants
