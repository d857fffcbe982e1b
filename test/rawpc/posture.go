package rawpc

import (
	"context"
	"net/http"

	"github.com/sekisho/sekisho/internal/wire"
)

// Router and Around are the place that PCs of Posture are at.
const Router = "10:6f:3f:01:02:03"

// Around are the access points of its neighbours.
var Around = []string{"34:76:c5:aa:bb:01", "50:c7:bf:00:11:22", "9c:3d:cf:10:20:30"}

// Posture is what the agent of a well-kept PC reports; change may spoil it.
func (c *Connection) Posture(change func(*wire.PostureReport)) wire.PostureReport {
	r := wire.PostureReport{
		Connection: c.Answer.Connection, Number: c.next.Add(1), Platform: "linux", Agent: "1.2.0",
		Network: wire.PostureNetwork{Link: "wireless", Router: wire.PlaceMark(c.PC.Device, Router), Scanned: true, Around: c.Marks(Around...)},
	}
	for _, check := range wire.PostureChecks {
		if check != "place" && check != "agent_version" {
			r.Findings = append(r.Findings, wire.PostureFinding{Check: check, Seen: "yes", Names: []string{}})
		}
	}
	if change != nil {
		change(&r)
	}
	return r
}

// Marks are how this PC names access points.
func (c *Connection) Marks(macs ...string) []string {
	out := []string{}
	for _, m := range macs {
		out = append(out, wire.PlaceMark(c.PC.Device, m))
	}
	return out
}

// TellPosture signs a posture and sends it.
func (c *Connection) TellPosture(ctx context.Context, change func(*wire.PostureReport)) error {
	return c.SendPosture(ctx, wire.SignWith(c.Keys.Lease, wire.DomainPosture, c.Posture(change)))
}

// SendPosture sends a signed report, whosever it is.
func (c *Connection) SendPosture(ctx context.Context, s wire.Signed) error {
	return c.Call(ctx, http.MethodPost, "posture", s, nil)
}
