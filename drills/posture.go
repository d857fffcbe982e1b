package drills

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

func postureDrills() []Drill {
	return []Drill{
		{"old agent", "a PC keeps an agent with a known hole", postureRefused("agent_version", func(_ *rawpc.Connection, r *wire.PostureReport) { r.Agent = "1.1.9" })},
		{"virtual machine", "the issued PC's disk runs inside another machine that watches it", postureRefused("virtual_machine", func(_ *rawpc.Connection, r *wire.PostureReport) {
			spoil(r, "virtual_machine", "QEMU")
		})},
		{"café with the company's router", "the router is carried to another place, and its address with it", postureRefused("place", func(c *rawpc.Connection, r *wire.PostureReport) {
			r.Network.Around = c.Marks("e8:de:27:00:00:01", "e8:de:27:00:00:02", "e8:de:27:00:00:03")
		})},
		{"posture report missing", "an agent that was changed to say nothing", postureMissing},
		{"posture report of another connection", "a good PC's report is played for a bad one", postureReplayed},
		{"remote control started during a session", "an accomplice is let in once the checks are over", postureWorse},
	}
}

// spoil makes a finding speak against the PC.
func spoil(r *wire.PostureReport, check string, names ...string) {
	i := slices.IndexFunc(r.Findings, func(f wire.PostureFinding) bool { return f.Check == check })
	r.Findings[i].Seen, r.Findings[i].Names = "no", names
}

// asking makes a policy that asks for one check and nothing else.
func (f *Field) asking(ctx context.Context, check string) (policy string, err error) {
	two, err := f.Two(ctx)
	if err != nil {
		return "", err
	}
	policy = fmt.Sprintf("posture-%d", f.n.Add(1))
	if err := two.Put(ctx, "policies/"+policy, map[string]any{
		"name": policy, "version": 0, "place": "home", "onlooker": true, "absent_ms": 10_000, "reentry": "standard",
		"lock_os": false, "allow_software": true, "confirm_every_s": 60,
	}, nil); err != nil {
		return "", err
	}
	var all struct {
		Policies []struct {
			Rules wire.PostureRules `json:"rules"`
		} `json:"policies"`
	}
	if err := f.Admin.Get(ctx, "posture/rules", &all); err != nil {
		return "", err
	}
	for _, p := range all.Policies {
		if string(p.Rules.Policy) != policy {
			continue
		}
		for i, one := range p.Rules.Rules {
			if p.Rules.Rules[i].Level = "off"; one.Check == check {
				p.Rules.Rules[i].Level = "close"
			}
		}
		p.Rules.Agent = "1.2.0"
		p.Rules.Places = []wire.PosturePlace{{Name: "訓練センター", Routers: []string{rawpc.Router}, Around: rawpc.Around}}
		return policy, two.Put(ctx, "posture/rules/"+policy, p.Rules, nil)
	}
	return "", fmt.Errorf("drills: no rules for %s", policy)
}

// postureRefused reports what change says, tries to open a session, and then
// reports a good state from the same PC.
func postureRefused(check string, change func(*rawpc.Connection, *wire.PostureReport)) func(context.Context, *Field, *Result) error {
	return func(ctx context.Context, f *Field, r *Result) error {
		policy, err := f.asking(ctx, check)
		if err != nil {
			return err
		}
		c, err := f.enrolled(ctx, policy)
		if err != nil {
			return err
		}
		defer c.Close()
		if err := c.TellPosture(ctx, func(p *wire.PostureReport) { change(c, p) }); err != nil {
			return err
		}
		_, refused := c.Login(ctx, nil)
		row, err := f.Audit(ctx, "posture.refused", func(row Row) bool { return row.Device == string(c.PC.Device) })
		if err != nil {
			return err
		}
		var me wire.PostureStanding
		if err := c.Call(ctx, "GET", "posture", nil, &me); err != nil {
			return err
		}
		told := slices.IndexFunc(me.Checks, func(k wire.PostureChecked) bool { return k.Check == check && k.Failing && k.Do != "" })
		r.Refused = rawpc.CodeOf(refused) == "posture.refused" && row.Detail["failed"] == check && told >= 0
		if told >= 0 {
			r.Evidence = fmt.Sprintf("%s; %s (%s); the desk says %q, %q", rawpc.CodeOf(refused), row, check, me.Checks[told].Seen, me.Checks[told].Do)
		}
		if err := c.TellPosture(ctx, nil); err != nil {
			return err
		}
		_, err = c.Login(ctx, nil)
		r.Control = err == nil
		return nil
	}
}

func postureMissing(ctx context.Context, f *Field, r *Result) error {
	policy, err := f.asking(ctx, "disk_encryption")
	if err != nil {
		return err
	}
	c, err := f.enrolled(ctx, policy)
	if err != nil {
		return err
	}
	defer c.Close()
	_, refused := c.Login(ctx, nil)
	r.Refused, r.Evidence = rawpc.CodeOf(refused) == "posture.missing", rawpc.CodeOf(refused)
	if err := c.TellPosture(ctx, nil); err != nil {
		return err
	}
	_, err = c.Login(ctx, nil)
	r.Control = err == nil
	return nil
}

// postureReplayed hands a good PC's signed report in from another one, as it is
// and signed anew.
func postureReplayed(ctx context.Context, f *Field, r *Result) error {
	policy, err := f.asking(ctx, "disk_encryption")
	if err != nil {
		return err
	}
	good, err := f.enrolled(ctx, policy)
	if err != nil {
		return err
	}
	defer good.Close()
	bad, err := f.enrolled(ctx, policy)
	if err != nil {
		return err
	}
	defer bad.Close()
	report := good.Posture(nil)
	asItIs := bad.SendPosture(ctx, wire.SignWith(good.Keys.Lease, wire.DomainPosture, report))
	_, refused := bad.Login(ctx, nil)
	anew := bad.SendPosture(ctx, wire.SignWith(bad.Keys.Lease, wire.DomainPosture, report))
	_, again := bad.Login(ctx, nil)
	codes := []string{rawpc.CodeOf(asItIs), rawpc.CodeOf(anew), rawpc.CodeOf(refused), rawpc.CodeOf(again)}
	r.Refused = all(codes, "posture.statement")
	r.Evidence = fmt.Sprintf("as it is: %s, login: %s; signed anew: %s, login: %s", codes[0], codes[2], codes[1], codes[3])
	if err := bad.TellPosture(ctx, nil); err != nil {
		return err
	}
	_, err = bad.Login(ctx, nil)
	r.Control = err == nil
	return nil
}

// postureWorse closes a live session by the PC's own report.
func postureWorse(ctx context.Context, f *Field, r *Result) error {
	policy, err := f.asking(ctx, "remote_control")
	if err != nil {
		return err
	}
	c, err := f.enrolled(ctx, policy)
	if err != nil {
		return err
	}
	if err := c.TellPosture(ctx, nil); err != nil {
		return err
	}
	s, err := open(ctx, c, nil)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := c.TellPosture(ctx, nil); err != nil { // the control: a good report leaves the session open
		return err
	}
	r.Control = s.reaches(ctx) == nil
	at := time.Now()
	told := c.TellPosture(ctx, func(p *wire.PostureReport) { spoil(p, "remote_control", "AnyDesk") })
	took := time.Since(at)
	after := s.reaches(ctx)
	row, err := f.ended(ctx, s)
	if err != nil {
		return err
	}
	changed, err := f.Audit(ctx, "posture.changed", func(row Row) bool {
		return row.Device == string(c.PC.Device) && row.Detail["remote_control"] == "pass → fail"
	})
	// The flow that brought the report is reset with all others of the session.
	r.Refused = told != nil && after != nil && row.Reason == "posture.closed" && err == nil
	r.Evidence = fmt.Sprintf("flow of the report reset after %d ms; %s; %s; then: %s", took.Milliseconds(), changed, row, rawpc.CodeOf(after))
	return err
}
