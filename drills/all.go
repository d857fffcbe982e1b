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
	}
}

func contains(name, only string) bool { return only == "" || strings.Contains(name, only) }
