// Package ivr keeps call flows (コールフロー), the announcements that they play,
// opening hours and look-ups, and walks a call through a flow.
//
// A flow is a graph of nodes. A Machine walks one call through one published flow:
// it is told what happened (Event) and says what to do next (Step). It reads no
// clock, does no I/O and holds no sound, so that every walk can be tried without a
// telephone (Try).
//
// Invariants:
//   - Only a flow without a fault is published; Check names every fault by its node.
//   - Whatever happens, and in whatever order, a machine either waits for something
//     that has a time, is in a talk, or has ended. It takes at most MaxSteps steps;
//     more than that, or a fault on the way, leads to the flow's fallback, and from
//     there to words and the end. It never stays silent.
//   - What a caller enters is Secret: it prints as [hidden], and goes nowhere but to a
//     look-up that names it or to an attribute that is secret itself. It is never
//     stored.
//   - A published version never changes. Draft, publishing, and going back are each
//     their own row in the audit log; so are announcements, hours and look-ups.
//   - Everything hangs under one client company; a flow uses nothing of another's.
//
// It deliberately plays nothing, dials nothing and waits for nobody: exchange does
// what the steps say. Who may change flows is the door's question.
package ivr
