package certs

import (
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// What this room tells the audit log. Nothing in it names a person: a device's
// id stands for the PC.

func rootEvent(kind string, by audit.Actor, r root) audit.Event {
	return audit.Event{
		Kind: kind, Actor: by, Object: audit.Object{Type: "authority", ID: strconv.Itoa(r.generation)}, Decision: audit.Allow,
		Detail: map[string]string{"certificate": keyHash(r.cert.Raw), "key": keyHash(r.cert.RawSubjectPublicKeyInfo)},
	}
}

func issuedEvent(c certRow) audit.Event {
	e := audit.Event{
		Kind: "certificate.issued", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "certificate", ID: c.serial},
		Decision: audit.Allow,
		Detail:   map[string]string{"for": "door", "key": c.keyHash, "until": c.notAfter.UTC().Format("2006-01-02T15:04:05Z")},
	}
	if c.device != "" {
		e.Detail["for"], e.Detail["device"], e.Detail["tier"] = "device", string(c.device), string(c.tier)
	}
	return e
}

func revokedEvent(device sekisho.DeviceID, n int64) audit.Event {
	return audit.Event{
		Kind: "certificate.revoked", Actor: audit.Actor{Process: "server"}, Object: audit.Object{Type: "device", ID: string(device)},
		Closing: true, Detail: map[string]string{"certificates": strconv.FormatInt(n, 10)},
	}
}
