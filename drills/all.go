package drills

import "strings"

// All lists every drill in the order in which they are carried out.
func All() []Drill {
	return []Drill{
		{"stolen ID from another PC", "a thief knows the device id, the person and the server", stolenID},
		{"enrolment code used twice", "a code is read over somebody's shoulder", codeTwice},
		{"software key where policy does not name it", "a PC without a TPM is slipped in", softwareKeyRefused},
		{"certificate without its key", "a certificate file is copied", certificateWithoutKey},
		{"binding relayed over another TLS connection", "somebody between PC and server", relayedBinding},
		{"revoked PC", "a PC reported stolen is still switched on", revokedCertificate},
		{"lease without answers", "the agent is killed, the cable pulled", spoiled(silence)},
		{"replayed renewal", "an old answer is sent again and again", spoiled(replay())},
		{"renewal for a guessed nonce", "answers made ahead of time", spoiled(guessed)},
		{"renewal with an old verdict", "a verdict is kept in store", spoiled(oldVerdict)},
		{"held-back renewals", "answers are collected and sent later", spoiled(heldBack())},
		{"unsure without end", "a half-hidden face for ever", spoiled(unsureForEver)},
		{"lease kept alive by anything but a verdict", "requests, datagrams, keep-alives", noise},
		{"renewal signed by another session", "two operators help each other", otherKey},
		{"dead lease revived", "the stranger has gone, go on as before", deadStaysDead},
	}
}

func contains(name, only string) bool { return only == "" || strings.Contains(name, only) }
