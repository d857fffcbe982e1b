// Package desktops names the virtual desktops and carries their screens: an RFB
// gateway between a VNC server on the centre's network and noVNC in the desk.
//
// Invariants:
//   - A desktop is reached only by what stands in its row. Nothing that comes
//     from a browser ever chooses a host or a port.
//   - The password stays here: the gateway answers the VNC server's challenge and
//     offers the browser the security type None.
//   - No clipboard crosses, in either direction: its messages are dropped and its
//     extension is never negotiated.
//   - Every byte in both directions belongs to a message that was parsed. A
//     message that is not on the list ends the stream; so does an encoding that
//     cannot be framed.
//   - The pixel format is fixed before the first update, so that the length of
//     every rectangle is known.
//   - Opening a desktop has its audit row before the first byte; its end is
//     written afterwards, with counts of keys and dropped clipboards, never keys.
//
// It does not ask who may reach a desktop (gate/grants) or whether the lease is
// alive (road/flows): a stream lives as long as its context and its browser. The
// way between gateway and VNC server is not encrypted (docs/decisions/0008).
package desktops
