// Package inspect tells facts about the PC that a page in a browser cannot know
// or must not be believed about: which camera a picture comes from, and the state
// of the PC itself (端末の安全状態): disk, updates, firewall, antivirus, screen lock,
// USB storage, network, programs, cameras, virtual machine.
//
// Invariants: a fact is yes, no or unknown, and unknown is never yes; names and
// labels that a page reports are compared with what the system itself says; what
// cannot be looked at without the rights of an administrator is unknown.
//
// It judges nothing: connect decides what a camera means under the configured
// rule, the server what the PC's state means under the policy's. It reads no
// serial numbers. Names of processes are compared with lists of its own and only
// names of those lists leave the PC; addresses of routers leave it as marks.
//
// Linux is read from /proc, /sys and /etc; Windows by its registry and CIM (WMI),
// see testdata/README.md for what was not tried on a real one; on other systems
// everything is unknown, and said to be.
package inspect
