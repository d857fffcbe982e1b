// Package localdoor is the PC's front door: it serves the desk to the one
// browser that the agent opened, carries the page's requests through the tunnel
// and hands its camera measurements to the guard.
//
// Invariants, each with the test that tries to break it:
//
//   - Both 127.0.0.1 and [::1] are held on one port, or the door does not open.
//   - Every request carries the exact Host; every change and every WebSocket the
//     exact Origin; other sites, frames, service workers and other users of the
//     PC are refused before anything else is looked at.
//   - Authority is a bearer in the page's memory, got for a one-use ticket of 30
//     seconds; no cookie is read or set. The newest page wins.
//   - Nothing changes by GET, nothing is configured over this door, and what the
//     agent composes and signs itself cannot be asked for by a page.
//   - The console is shown in a frame of the desk alone, while a session is open:
//     its page gets a bearer of its own for a one-use ticket that the desk asks for,
//     which opens the console's routes and nothing else, and ends with the session.
//   - The page's WebRTC goes through a TURN relay of its own: on 127.0.0.1, for the
//     newest page's random credentials, to the gateway's port for sound and nowhere
//     else, in a live session only.
//   - Abort ends every proxied flow with a reset, so that no buffered byte
//     reaches the page after it.
//
// It judges no frame, signs nothing and knows no key: connect and uplink do.
package localdoor
