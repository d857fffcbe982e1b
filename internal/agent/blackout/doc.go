// Package blackout is what the agent does to the whole PC when the guard closes
// the seat: it takes the picture of the full screen for the sealed record and
// locks the operating system.
//
// Invariants: both are bounded in time; neither ever delays the black page by
// more than its bound; a failure is a reason in words and never a success. That
// the system is locked is said only after the system itself has said so.
//
// It does not decide when (connect does) and keeps nothing: pictures are handed
// back in memory.
//
// What works where: the screen under X11 on Linux (Wayland lets no program see
// the screen without asking the user: then the page's own canvas stands in);
// the lock through logind on Linux, LockWorkStation on Windows (compiled, not
// run here).
package blackout
