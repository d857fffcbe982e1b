// Package wire is the contract between server, agent and browsers: datagrams,
// enrolment codes, signed statements, signed requests, the JSON of the four
// doors and the texts of their errors. Both ends build and parse with the same
// code, and every parser here is bounded and fuzzed: what it reads comes from
// a door.
//
// It holds no secrets, opens no sockets and reads no clock.
package wire
