package drills

// Groups lists every drill, by theme, in the order in which they are carried out.
func Groups() []Group {
	return []Group{
		{Name: "enrolment and binding", Drills: []Drill{
			{"stolen ID from another PC", "a thief knows the device id, the person and the server", stolenID},
			{"stolen ID with a certificate of the thief's own CA", "a thief copies what a certificate says", ownCertificate},
			{"enrolment code used twice", "a code is read over somebody's shoulder", codeTwice},
			{"approval of another fingerprint", "the wrong PC is pending", otherFingerprint},
			{"software key where policy does not name it", "a PC without a TPM is slipped in", softwareKeyRefused},
			{"certificate without its key", "a certificate file is copied", certificateWithoutKey},
			{"expired certificate", "a PC that lay in a cupboard for three months", expiredCertificate},
			{"revoked PC", "a PC reported stolen is still switched on", revokedCertificate},
			{"binding relayed over another TLS connection", "somebody between PC and server", relayedBinding},
			{"binding under a nonce that was used", "a recorded binding is played again", replayedBinding},
		}},
		{Name: "lease", Drills: leaseDrills()},
		{Name: "tunnel", Drills: []Drill{
			{"WireGuard key of another session", "a neighbour on the same network who saw the configuration", otherWireGuardKey},
			{"WireGuard key of an ended session", "keys that were left in memory or in a dump", endedWireGuardKey},
			{"source address of another peer", "an issued PC that pretends to be another", otherSource},
			{"operator to operator", "an infected PC looks for the next one", sideways},
			{"port scan from quarantine", "an issued PC before its person is verified", portScan},
		}},
		{Name: "desk door", Drills: []Drill{
			{"desk route without signature", "a program on the PC beside the agent", unsigned},
			{"replayed request", "a recorded request is sent again", replayedRequest},
			{"request changed on its way", "a proxy between the page and the tunnel", alteredRequest},
			{"request signed by another connection's key", "two operators help each other", otherRequestKey},
			{"work route from quarantine", "nobody is verified yet", liveInQuarantine},
			{"work route on a flow of the quarantine", "a connection kept from before the login", quarantineFlow},
			{"another person's virtual desktop", "an operator guesses ids", otherDesktop},
		}},
		{Name: "faces and second persons", Drills: []Drill{
			{"face statement that is not as the server knows it", "an agent that was tampered with", otherStatement},
			{"face statement under a used login nonce", "a login is recorded and played again", replayedNonce},
			{"strict policy: back after another person, without the challenge", "the accomplice steps aside", strictChallenge},
			{"strict policy: the challenge forgotten by a restart", "the server is made to restart", strictRestart},
			{"second session of one person", "one person works at two PCs", secondSession},
			{"face enrolled without consent", "the PC skips a page", withoutConsent},
			{"approval by the asker himself", "a supervisor at home, alone", ownApproval},
			{"approval used twice", "one witness for two faces", approvalTwice},
			{"approval with a guessed code", "a supervisor who was never asked", guessedCode},
		}},
		{Name: "console", Drills: []Drill{
			{"console without a session", "a stranger who found the address", withoutCookie},
			{"console session used by another page", "an administrator opens a link in a mail", foreignOrigin},
			{"act of another role", "a curious colleague", otherRole},
			{"own roles, last administrator", "an administrator makes himself an officer", oneself},
			{"console set-up page by a stranger", "a new server on a network with others", strangerSetsUp},
			{"demonstration's login in a real centre", "somebody has read the documentation", demoLoginElsewhere},
			{"client A's auditor asks for client B by every route", "a client company is curious about another", otherClient},
		}},
		// There is one text in force: these take turns.
		{Name: "access policies", OneByOne: true, Drills: []Drill{
			{"policy that ORs around a forbid", "an administrator writes a lenient policy, or is made to", orAroundForbid},
			{"each attribute of the context missing", "a fact is not known, or is left out", missingAttribute},
			{"policy that locks every administrator out", "whoever wants the gate to be nobody's", lockingPolicy},
		}},
		{Name: "evidence and its officers", Drills: []Drill{
			{"one officer alone opens a record", "an officer is curious, or bribed", oneOfficer},
			{"a sealed picture searched in the server's memory, disk and database", "whoever gets into the server", marker},
			{"forged, half-signed and rolled-back roster", "whoever gets into the server adds an officer", forgedRoster},
		}},
		{Name: "audit log", Drills: []Drill{
			{"audit row flipped", "an administrator of the database", tamper(flipped)},
			{"audit row deleted", "an administrator of the database", tamper(deleted)},
			{"newest audit rows cut off", "an administrator of the database", tamper(cut)},
			{"database rolled back", "a backup is put back to lose a day", rolledBack},
			{"audit log rewritten and signed with the server's key", "the centre itself, towards its client", rewritten},
			{"audit log rewritten and signed with another key", "somebody without the server's key", resigned},
			{"audit proof for a changed entry", "a proof is shown to a judge", changedProof},
			{"server started on an older database", "a backup is put back and work goes on", restoredDatabase},
			{"server started on an older data folder", "a backup of everything is put back", restoredFolder},
			{"server killed in the middle of writes", "power is cut to lose a row", killedWhileWriting},
		}},
		{Name: "the agent's identity", Drills: []Drill{
			{"enrolment code relayed by a server with other roots", "somebody between PC and server at enrolment", relayedEnrolment},
			{"agent folder and disk copied to another PC", "a stolen disk, a backup, an image", copiedFolder},
		}},
		// One page holds an agent at a time, and its bearer: these take turns.
		{Name: "the PC's own door", OneByOne: true, Drills: []Drill{
			{"measurements from a page without the ticket", "another program on the PC", withoutTicket},
			{"measurements with a used ticket", "a program that reads command lines", usedTicket},
			{"verdict from a page", "the page's code was changed", verdictFromPage},
			{"measurements from another local user", "a shared PC", otherUser},
			{"foreign Origin, rebound Host", "a page open in another browser", foreignLocal},
			{"other pages of the same browser, another port of loopback, a rebound name", "a page open beside the desk", otherPages},
			{"planted service worker", "a program that ran before the agent", plantedWorker},
			{"agent asked to sign something of the caller's", "the page's code was changed", signForMe},
			{"squatter on [::1]", "another program wants to be the desk", squatter},
		}},
		{Name: "the agent's judgement", Drills: []Drill{
			{"template file swapped", "the operator keeps a file of his accomplice's face", swappedTemplate},
			{"recorded measurements", "the page's code was changed to play a recording", recordedFeatures},
			{"forged and rolled-back roster at the PC", "whoever gets into the server adds an officer", rosterAtAgent},
		}},
		{Name: "before the camera", OneByOne: true, Drills: []Drill{
			{"photo on a tablet", "somebody holds up a picture of the operator", photo},
		}},
	}
}
