package grants

import (
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
)

func operator(s Session) audit.Actor {
	return audit.Actor{Person: s.Person, Device: s.Device, Role: sekisho.RoleOperator}
}

func loginRow(s Session, way opening) audit.Event {
	return audit.Event{
		Kind: "login.accepted", Actor: operator(s), Object: audit.Object{Type: "connection", ID: string(s.Connection)},
		Decision: audit.Allow, Session: s.ID, Detail: map[string]string{"method": string(way.class)},
	}
}

func refusedRow(c Connection, err error) audit.Event {
	return audit.Event{
		Kind: "login.refused", Actor: audit.Actor{Person: c.Person, Device: c.Device, Role: sekisho.RoleOperator},
		Object: audit.Object{Type: "connection", ID: string(c.ID)}, Decision: audit.Deny, Reason: sekisho.CodeOf(err), Detail: saidBy(err),
	}
}

func openedRow(s Session, way opening) audit.Event {
	camera := "none"
	if s.Camera {
		camera = "on"
	}
	return audit.Event{
		Kind: "session.opened", Actor: operator(s), Object: audit.Object{Type: "session", ID: string(s.ID)},
		Decision: audit.Allow, Session: s.ID,
		Detail: map[string]string{
			"class": string(s.Class), "tier": string(s.Tier), "connection": string(s.Connection), "camera": camera,
			"policy": string(s.Policy.Name), "policy_version": strconv.Itoa(s.Policy.Version), "approval": string(way.approval),
			"policies": way.ruling.Policies, "policies_version": strconv.Itoa(way.ruling.Version),
		},
	}
}

func endedRow(e Ended) audit.Event {
	return audit.Event{
		Kind: "session.ended", Actor: operator(e.Session), Object: audit.Object{Type: "session", ID: string(e.Session.ID)},
		Reason: e.Reason, Session: e.Session.ID, Closing: true,
		Detail: map[string]string{
			"state": e.State.String(), "class": string(e.Class),
			"after_verdict_ms": strconv.FormatInt((e.EndedAt - e.VerdictAt).Milliseconds(), 10),
		},
	}
}
